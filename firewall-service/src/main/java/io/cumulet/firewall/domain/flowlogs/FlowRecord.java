package io.cumulet.firewall.domain.flowlogs;

import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.kernel.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * One line of a VPC flow log: what went one way during a few minutes.
 *
 * @param protocol IANA's number
 * @param startSeconds when its first packet came, in seconds since 1970; 0 if the log doesn't say
 * @param direction as the log says; null if it doesn't
 * @param tcpFlags of all packets, or-ed; -1 if the log doesn't say
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html">Flow log records</a>
 */
public record FlowRecord(
        String interfaceId,
        IpAddress source,
        IpAddress destination,
        int sourcePort,
        int destinationPort,
        int protocol,
        long packets,
        long bytes,
        long startSeconds,
        boolean accepted,
        @Nullable Direction direction,
        int tcpFlags) {}
