package io.cumulet.firewall.domain.advice;

import io.cumulet.firewall.domain.traffic.Direction;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Something about a group that its owner should look at.
 *
 * @param direction of the rules; null if the whole group is meant
 * @param ruleIds the rules at fault; together, if several
 * @param byRuleIds for a shadowed rule: those that already let through all that it does
 * @param members how many network interfaces it exposes or concerns
 * @param advice what is the case and what to do, as a sentence
 */
public record Finding(
        Kind kind,
        Severity severity,
        String groupId,
        String groupName,
        @Nullable Direction direction,
        List<String> ruleIds,
        List<String> byRuleIds,
        int members,
        String advice) {

    public enum Kind {
        EVERY_PORT_OPEN_TO_WORLD,
        SSH_OPEN_TO_WORLD,
        RDP_OPEN_TO_WORLD,
        SHADOWED_RULE,
        RULE_MATCHES_NOTHING,
        UNUSED_GROUP,
        /** The default group can't be deleted, so that there is something else to do about it. */
        UNUSED_DEFAULT_GROUP;

        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static Optional<Kind> ofCode(String code) {
            return Stream.of(values()).filter(kind -> kind.code().equals(code)).findFirst();
        }
    }

    public enum Severity {
        CRITICAL,
        HIGH,
        MEDIUM,
        LOW;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** No two findings have the same; a group's stand together. */
    public String key() {
        return groupId + "/" + kind.code() + "/" + String.join(",", ruleIds);
    }
}
