package io.cumulet.firewall.domain.groups;

import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;

/** A rule named by what it says, as EC2's revoke does, or by its id. */
public sealed interface RuleSpec {

    record ById(String ruleId) implements RuleSpec {}

    record ByContent(Traffic traffic, Peer peer) implements RuleSpec {}

    default boolean names(Rule rule) {
        return switch (this) {
            case ById(String ruleId) -> rule.id().equals(ruleId);
            case ByContent(Traffic traffic, Peer peer) ->
                rule.traffic().equals(traffic) && rule.peer().equals(peer);
        };
    }
}
