package io.cumulet.firewall.domain.flowlogs;

import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Rule;

/** How much a rule was used; counts flow records of requests, not their replies. Counts up while a log is read. */
public final class RuleUse {

    private final String groupId;
    private final Direction direction;
    private final Rule rule;
    private long flows;
    private long bytes;
    private long soleFlows;
    private long possibleFlows;

    RuleUse(String groupId, Direction direction, Rule rule) {
        this.groupId = groupId;
        this.direction = direction;
        this.rule = rule;
    }

    void count(long moreFlows, long moreBytes, boolean alone) {
        flows += moreFlows;
        bytes += moreBytes;
        soleFlows += alone ? moreFlows : 0;
    }

    void countPossible(long moreFlows) {
        possibleFlows += moreFlows;
    }

    public String groupId() {
        return groupId;
    }

    public Direction direction() {
        return direction;
    }

    public Rule rule() {
        return rule;
    }

    /** Accepted flows that it allows. */
    public long flows() {
        return flows;
    }

    public long bytes() {
        return bytes;
    }

    /** Accepted flows that no other rule of the interface allows. */
    public long soleFlows() {
        return soleFlows;
    }

    /** ICMP that it may have allowed: a flow log doesn't say the type. */
    public long possibleFlows() {
        return possibleFlows;
    }

    public boolean isUnused() {
        return flows == 0 && possibleFlows == 0;
    }
}
