package io.cumulet.firewall.domain.advice;

import io.cumulet.firewall.domain.advice.Finding.Kind;
import io.cumulet.firewall.domain.advice.Finding.Severity;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.ListedBlocks;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.firewall.domain.traffic.Transport;
import io.cumulet.firewall.domain.traffic.Words;
import io.cumulet.kernel.IpFamily;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks a group over. What it says about rules that aren't needed is certain: all that it calls shadowed can be taken away
 * at once, and nothing that passes now is blocked then, whoever joins or leaves a group.
 *
 * @see <a href="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html">EC2.2, EC2.13, EC2.14, EC2.18,
 *     EC2.19, EC2.22</a>
 */
public final class GroupAdvice {

    private static final List<Traffic> SSH = List.of(new Traffic.Ports(Transport.TCP, 22, 22));
    private static final List<Traffic> RDP =
            List.of(new Traffic.Ports(Transport.TCP, 3_389, 3_389), new Traffic.Ports(Transport.UDP, 3_389, 3_389));
    /** The widest first: a rule is blamed once. */
    private static final List<Traffic> EVERY_PORT = List.of(
            new Traffic.All(),
            new Traffic.Ports(Transport.TCP, 0, Traffic.HIGHEST_PORT),
            new Traffic.Ports(Transport.UDP, 0, Traffic.HIGHEST_PORT));

    private static final Map<Kind, List<Traffic>> WORLD =
            Map.of(Kind.EVERY_PORT_OPEN_TO_WORLD, EVERY_PORT, Kind.SSH_OPEN_TO_WORLD, SSH, Kind.RDP_OPEN_TO_WORLD, RDP);

    private final ListedBlocks prefixLists;
    private final Map<String, Members> members;
    private final Set<String> namedByOthers;
    private final Coverage coverage;

    /** How many network interfaces are in a group, and how many of them have addresses of each family. */
    public static final class Members {

        private static final Members NONE = new Members();

        private final Map<IpFamily, Integer> withFamily = new EnumMap<>(IpFamily.class);
        private int all;

        public void add(Set<IpFamily> families) {
            all++;
            families.forEach(family -> withFamily.merge(family, 1, Integer::sum));
        }

        int all() {
            return all;
        }

        int with(IpFamily family) {
            return withFamily.getOrDefault(family, 0);
        }
    }

    /**
     * @param members by group; a group without members may be left out
     * @param namedByOthers the groups that a rule of another group names
     */
    public GroupAdvice(ListedBlocks prefixLists, Map<String, Members> members, Set<String> namedByOthers) {
        this.prefixLists = prefixLists;
        this.members = members;
        this.namedByOthers = namedByOthers;
        this.coverage = new Coverage(prefixLists);
    }

    /** All there is to say about a group, in the order of {@link Finding#key()}. */
    public List<Finding> of(SecurityGroup group) {
        return of(group, EnumSet.allOf(Kind.class));
    }

    /** What there is to say of these kinds, in the order of {@link Finding#key()}; others aren't looked for. */
    public List<Finding> of(SecurityGroup group, Set<Kind> wanted) {
        List<Finding> findings = new ArrayList<>();
        WORLD.forEach((kind, traffic) -> {
            if (wanted.contains(kind)) {
                addOpen(group, kind, traffic, findings);
            }
        });
        if (wanted.contains(Kind.SHADOWED_RULE) || wanted.contains(Kind.RULE_MATCHES_NOTHING)) {
            addIdle(group, wanted, findings);
        }
        if (wanted.contains(Kind.UNUSED_GROUP) || wanted.contains(Kind.UNUSED_DEFAULT_GROUP)) {
            addUnused(group, findings);
        }
        findings.removeIf(finding -> !wanted.contains(finding.kind()));
        findings.sort(Comparator.comparing(Finding::key));
        return findings;
    }

    private void addIdle(SecurityGroup group, Set<Kind> wanted, List<Finding> findings) {
        for (Direction direction : Direction.values()) {
            List<Rule> rules = new ArrayList<>(group.rules(direction));
            for (Rule rule : group.rules(direction)) {
                String whyNothing = whyNothing(rule);
                if (whyNothing != null) {
                    rules.remove(rule);
                    findings.add(matchesNothing(group, direction, rule, whyNothing));
                }
            }
            if (wanted.contains(Kind.SHADOWED_RULE)) {
                addShadowed(group, direction, rules, findings);
            }
        }
    }

    private void addOpen(SecurityGroup group, Kind kind, List<Traffic> wanted, List<Finding> findings) {
        // By the rules to blame: one rule for both families, or through a prefix list of both, is one finding.
        Map<List<String>, Finding> open = new LinkedHashMap<>();
        for (IpFamily family : IpFamily.values()) {
            for (Traffic traffic : wanted) {
                for (List<Rule> rules : opening(group.ingress(), traffic, family)) {
                    Finding finding = open(group, kind, traffic, family, rules);
                    open.merge(finding.ruleIds(), finding, (first, second) -> first);
                }
            }
        }
        findings.addAll(open.values());
    }

    /** The rules that alone open it to the world; if none does, those that do it together. */
    private List<List<Rule>> opening(List<Rule> ingress, Traffic traffic, IpFamily family) {
        if (!coverage.openToTheWorld(ingress, traffic, family)) {
            return List.of();
        }
        List<List<Rule>> alone = ingress.stream()
                .map(List::of)
                .filter(rule -> coverage.openToTheWorld(rule, traffic, family))
                .toList();
        return alone.isEmpty()
                ? List.of(Coverage.needed(ingress, rules -> coverage.openToTheWorld(rules, traffic, family)))
                : alone;
    }

    private Finding open(SecurityGroup group, Kind kind, Traffic traffic, IpFamily family, List<Rule> rules) {
        int exposed = membersOf(group.id()).with(family);
        Severity severity;
        if (exposed == 0) {
            severity = Severity.MEDIUM;
        } else {
            severity = kind == Kind.EVERY_PORT_OPEN_TO_WORLD ? Severity.CRITICAL : Severity.HIGH;
        }
        List<String> ids = ids(rules);
        String world = family == IpFamily.IPV4 ? "IPv4" : "IPv6";
        String who = exposed == 0
                ? "nobody is exposed now, but the next member will be"
                : counted(exposed, "network interface is", "network interfaces are") + " exposed";
        return new Finding(
                kind,
                severity,
                group.id(),
                group.name(),
                Direction.INGRESS,
                ids,
                List.of(),
                exposed,
                "%s may come in from the whole %s internet by %s; %s. Name the addresses, group or prefix list that need it instead."
                        .formatted(capital(Words.of(traffic)), world, said(rules), who));
    }

    private @Nullable String whyNothing(Rule rule) {
        if (rule.peer() instanceof Peer.OfGroup(String peerId)
                && membersOf(peerId).all() == 0) {
            return peerId + " has no members";
        }
        if (coverage.canMatch(rule)) {
            return null;
        }
        return rule.peer() instanceof Peer.OfPrefixList(String listId)
                        && prefixLists.blocks(listId).isEmpty()
                ? "prefix list " + listId + " is empty"
                : Words.of(rule.peer()) + " has no address of the family that " + Words.of(rule.traffic())
                        + " belongs to";
    }

    private static Finding matchesNothing(SecurityGroup group, Direction direction, Rule rule, String why) {
        return new Finding(
                Kind.RULE_MATCHES_NOTHING,
                Severity.LOW,
                group.id(),
                group.name(),
                direction,
                List.of(rule.id()),
                List.of(),
                0,
                "%s (%s) lets nothing through at present: %s. Revoke it, unless that is about to change."
                        .formatted(rule.id(), said(rule), why));
    }

    /**
     * Later rules are taken away before earlier ones, those that one other covers before those that need several, and what
     * was taken away covers nothing any more.
     */
    private void addShadowed(SecurityGroup group, Direction direction, List<Rule> rules, List<Finding> findings) {
        List<Rule> left = new ArrayList<>(rules);
        for (Rule rule : rules.reversed()) {
            for (Rule other : left) {
                if (!other.id().equals(rule.id()) && coverage.covers(List.of(other), rule)) {
                    left.remove(rule);
                    findings.add(shadowed(group, direction, rule, List.of(other)));
                    break;
                }
            }
        }
        for (Rule rule : List.copyOf(left).reversed()) {
            List<Rule> others = new ArrayList<>(left);
            others.remove(rule);
            if (coverage.covers(others, rule)) {
                left.remove(rule);
                findings.add(shadowed(
                        group, direction, rule, Coverage.needed(others, fewer -> coverage.covers(fewer, rule))));
            }
        }
    }

    private static Finding shadowed(SecurityGroup group, Direction direction, Rule rule, List<Rule> by) {
        return new Finding(
                Kind.SHADOWED_RULE,
                Severity.LOW,
                group.id(),
                group.name(),
                direction,
                List.of(rule.id()),
                ids(by),
                0,
                "%s (%s) changes nothing: all that it lets through is let through by %s. Revoke it."
                        .formatted(rule.id(), said(rule), said(by)));
    }

    private void addUnused(SecurityGroup group, List<Finding> findings) {
        if (membersOf(group.id()).all() > 0 || namedByOthers.contains(group.id())) {
            return;
        }
        if (!group.isDefault()) {
            findings.add(unused(
                    group,
                    Kind.UNUSED_GROUP,
                    "No instance has this group, and no rule of another group names it. Delete it, unless a network"
                            + " interface that is attached to nothing has it: that isn't known here."));
        } else if (!group.ingress().isEmpty() || !group.egress().isEmpty()) {
            findings.add(unused(
                    group,
                    Kind.UNUSED_DEFAULT_GROUP,
                    "No instance has this default group, and no rule of another group names it. It can't be"
                            + " deleted; revoke its rules, so that who is launched without a group is closed."));
        }
    }

    private static Finding unused(SecurityGroup group, Kind kind, String advice) {
        return new Finding(kind, Severity.LOW, group.id(), group.name(), null, List.of(), List.of(), 0, advice);
    }

    private Members membersOf(String groupId) {
        return members.getOrDefault(groupId, Members.NONE);
    }

    private static List<String> ids(List<Rule> rules) {
        return rules.stream().map(Rule::id).toList();
    }

    private static String said(List<Rule> rules) {
        if (rules.size() == 1) {
            Rule rule = rules.getFirst();
            return rule.id() + " (" + said(rule) + ")";
        }
        return String.join(" and ", ids(rules)) + " together";
    }

    private static String said(Rule rule) {
        return Words.of(rule.traffic()) + ", " + Words.of(rule.peer());
    }

    private static String counted(int count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
