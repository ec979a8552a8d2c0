package io.cumulet.firewall.domain.flowlogs;

import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.kernel.IpAddress;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a flow log says about the rules as they are now. All counts are of flow records.
 *
 * @param replies accepted because they answer, whatever the rules say
 * @param acceptedAsNow the log has them accepted, and the rules allow them
 * @param rejectedAsNow the log has them rejected, and no rule allows them
 * @param nowBlocked the log has them accepted, and no rule allows them any more
 * @param nowAllowed the log has them rejected, and a rule allows them now
 * @param undecided ICMP whose type decides, which a flow log doesn't have
 * @param unclear neither from nor to an address of their interface
 * @param unknown of interfaces that the firewall doesn't know of the account
 * @param unknownInterfaces these interfaces, the first 100
 * @param changed what the rules decide otherwise than the log, the first 1,000 kinds of it
 * @param rules the rules of groups of interfaces that the log has, by group
 * @param groupsNotSeen groups that no interface of the log has, so that it says nothing of their rules
 */
public record FlowReport(
        long records,
        long replies,
        long acceptedAsNow,
        long rejectedAsNow,
        long nowBlocked,
        long nowAllowed,
        long undecided,
        long unclear,
        long unknown,
        Set<String> unknownInterfaces,
        List<Changed> changed,
        List<RuleUse> rules,
        List<String> groupsNotSeen) {

    /**
     * Flows that the rules now decide otherwise.
     *
     * @param peer the other side's address
     * @param destinationPort null if the protocol has none
     * @param logAccepted what the log says
     * @param ruleId the rule that allows it now; null if none does
     */
    public record Changed(
            String interfaceId,
            Direction direction,
            IpAddress peer,
            int protocol,
            @Nullable Integer destinationPort,
            boolean logAccepted,
            @Nullable String ruleId,
            long flows,
            long bytes) {}
}
