package io.cumulet.firewall.domain.reachability;

import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Rule;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether one reaches another, and why.
 *
 * @param summary what who tries it sees, as a sentence
 * @param steps in the order a packet takes them; the first that doesn't pass decides
 */
public record Explanation(boolean reachable, String summary, List<Step> steps) {

    /** Where a packet may be stopped. */
    public enum Place {
        NETWORK,
        ADDRESSES,
        SOURCE_STATE,
        SOURCE_EGRESS,
        DESTINATION_INGRESS,
        DESTINATION_STATE;

        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * One step.
     *
     * @param detail what was found, as a sentence
     * @param groups the groups that were asked, if any were
     */
    public record Step(Place place, boolean passes, String detail, List<GroupStep> groups) {}

    /** What a group says; all of an interface's groups are asked, and one that allows it is enough. */
    public record GroupStep(String groupId, String groupName, Direction direction, List<RuleStep> rules) {

        public boolean allows() {
            return rules.stream().anyMatch(RuleStep::allows);
        }
    }

    /**
     * What a rule says.
     *
     * @param why not, if it doesn't allow it
     */
    public record RuleStep(
            Rule rule, boolean allows, @Nullable String why) {}
}
