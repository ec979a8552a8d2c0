package io.cumulet.firewall.app;

import io.cumulet.firewall.domain.evaluation.Evaluator;
import io.cumulet.firewall.domain.evaluation.Verdict;
import io.cumulet.firewall.domain.evaluation.World;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Packet;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Judging packets among an account's own instances. */
@ApplicationScoped
public class Evaluations {

    private final GroupStore groups;
    private final AttachmentStore attachments;
    private final DefaultGroups defaults;

    public Evaluations(GroupStore groups, AttachmentStore attachments, DefaultGroups defaults) {
        this.groups = groups;
        this.attachments = attachments;
        this.defaults = defaults;
    }

    /** A verdict for each packet, in order. */
    public List<Verdict> judge(World world, List<Packet> packets) {
        Evaluator evaluator = new Evaluator(world);
        return packets.stream().map(evaluator::judge).toList();
    }

    /** A verdict for each packet, in order, among the instances that the firewall knows of the account and region. */
    public List<Verdict> judge(AccountId account, Region region, List<Packet> packets) {
        defaults.ensure(account, region);
        return judge(Transactions.read(() -> world(account, region, packets)), packets);
    }

    /** Only what can matter to these packets: the instances they come from or go to, and those instances' groups. */
    private World world(AccountId account, Region region, List<Packet> packets) {
        Set<String> addresses = new HashSet<>();
        for (Packet packet : packets) {
            addresses.add(packet.source().toString());
            addresses.add(packet.destination().toString());
        }
        List<World.Member> members = new ArrayList<>();
        Set<String> groupIds = new LinkedHashSet<>();
        for (Attachment attachment : attachments.withAddresses(account, region, addresses)) {
            if (attachment.privateIpAddress() != null) {
                members.add(new World.Member(
                        attachment.instanceId(),
                        IpAddress.parse(attachment.privateIpAddress()).stream().toList(),
                        new LinkedHashSet<>(attachment.groupIds())));
                groupIds.addAll(attachment.groupIds());
            }
        }
        Map<String, World.GroupRules> rules = new HashMap<>();
        for (SecurityGroup group : groups.all(account, region, groupIds)) {
            rules.put(group.id(), new World.GroupRules(group.ingress(), group.egress()));
        }
        return new World(rules, members, Map.of());
    }
}
