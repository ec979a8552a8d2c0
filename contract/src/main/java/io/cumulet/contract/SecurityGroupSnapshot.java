package io.cumulet.contract;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A security group with all its rules, as it is after the event; after a deletion, as it last was. Key: group id. */
public record SecurityGroupSnapshot(
        String groupId,
        String account,
        String region,
        String vpcId,
        String name,
        String description,
        long version,
        Instant occurredAt,
        List<Rule> ingress,
        List<Rule> egress,
        Map<String, String> tags) {

    /**
     * What is let through.
     *
     * @param protocol {@code tcp}, {@code udp}, {@code icmp}, {@code icmpv6}, {@code all}, or a protocol number
     * @param fromPort first port, inclusive; null for protocols without ports
     * @param icmpType -1 for any; null for others than ICMP
     * @param tags null in events from before rules had tags
     */
    public record Rule(
            String ruleId,
            String protocol,
            @Nullable Integer fromPort,
            @Nullable Integer toPort,
            @Nullable Integer icmpType,
            @Nullable Integer icmpCode,
            Peer peer,
            @Nullable String description,
            @Nullable Map<String, String> tags) {}

    /** The other side; exactly one of the three is set. */
    public record Peer(
            @Nullable String cidr,
            @Nullable String group,
            @Nullable String prefixList) {}
}
