package io.cumulet.firewall.domain.evaluation;

import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All that decides about a packet. An address belongs to one member at most. */
public record World(Map<String, GroupRules> groups, List<Member> instances, Map<String, List<Cidr>> prefixLists) {

    public record GroupRules(List<Rule> ingress, List<Rule> egress) {}

    /**
     * A network interface with the groups it is in, or an instance whose interfaces all have the same. Groups that the world
     * doesn't know allow nothing.
     */
    public record Member(String instanceId, List<IpAddress> addresses, Set<String> groups) {}
}
