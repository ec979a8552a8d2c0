package io.cumulet.firewall.publish;

import io.cumulet.contract.EventType;
import io.cumulet.contract.SecurityGroupSnapshot;
import io.cumulet.firewall.app.GroupEvents;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.plumbing.outbox.NewEvent;
import io.cumulet.plumbing.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** Groups on {@code firewall.groups}, whole each time. */
@ApplicationScoped
public class OutboxGroupEvents implements GroupEvents {

    private final Outbox outbox;

    public OutboxGroupEvents(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public void created(SecurityGroup group, Instant at) {
        append(EventType.SECURITY_GROUP_CREATED, group, at);
    }

    @Override
    public void changed(SecurityGroup group, Instant at) {
        append(EventType.SECURITY_GROUP_CHANGED, group, at);
    }

    @Override
    public void deleted(SecurityGroup group, Instant at) {
        append(EventType.SECURITY_GROUP_DELETED, group, at);
    }

    private void append(EventType type, SecurityGroup group, Instant at) {
        outbox.append(new NewEvent(
                type, group.id(), group.account(), group.region(), group.version(), at, null, snapshot(group, at)));
    }

    private static SecurityGroupSnapshot snapshot(SecurityGroup group, Instant at) {
        return new SecurityGroupSnapshot(
                group.id(),
                group.account().value(),
                group.region().value(),
                group.vpcId(),
                group.name(),
                group.description(),
                group.version(),
                at,
                rules(group.ingress()),
                rules(group.egress()),
                group.tags());
    }

    private static List<SecurityGroupSnapshot.Rule> rules(List<Rule> rules) {
        return rules.stream().map(OutboxGroupEvents::rule).toList();
    }

    private static SecurityGroupSnapshot.Rule rule(Rule rule) {
        Integer fromPort = null;
        Integer toPort = null;
        Integer icmpType = null;
        Integer icmpCode = null;
        switch (rule.traffic()) {
            case Traffic.Ports(var transport, int from, int to) -> {
                fromPort = from;
                toPort = to;
            }
            case Traffic.Icmp(var family, int type, int code) -> {
                icmpType = type;
                icmpCode = code;
            }
            case Traffic.All all -> {}
            case Traffic.Number number -> {}
        }
        return new SecurityGroupSnapshot.Rule(
                rule.id(),
                rule.traffic().protocol(),
                fromPort,
                toPort,
                icmpType,
                icmpCode,
                peer(rule.peer()),
                rule.description(),
                rule.tags());
    }

    private static SecurityGroupSnapshot.Peer peer(Peer peer) {
        return switch (peer) {
            case Peer.OfBlock(var cidr) -> new SecurityGroupSnapshot.Peer(cidr.toString(), null, null);
            case Peer.OfGroup(String id) -> new SecurityGroupSnapshot.Peer(null, id, null);
            case Peer.OfPrefixList(String id) -> new SecurityGroupSnapshot.Peer(null, null, id);
        };
    }
}
