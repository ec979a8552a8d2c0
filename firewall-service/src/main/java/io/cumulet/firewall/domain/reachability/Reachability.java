package io.cumulet.firewall.domain.reachability;

import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.reachability.Explanation.GroupStep;
import io.cumulet.firewall.domain.reachability.Explanation.Place;
import io.cumulet.firewall.domain.reachability.Explanation.RuleStep;
import io.cumulet.firewall.domain.reachability.Explanation.Step;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Packet;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Transport;
import io.cumulet.firewall.domain.traffic.Words;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Explains whether one reaches another.
 *
 * <pre>
 *   same VPC? ► addresses of one family? ► source runs? ► source's egress ► destination's ingress ► destination runs?
 * </pre>
 *
 * Steps that can be taken are all taken, so that whoever repairs the first fault knows of the next.
 *
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html">Security groups</a>
 */
public final class Reachability {

    private final Vicinity vicinity;

    public Reachability(Vicinity vicinity) {
        this.vicinity = vicinity;
    }

    /**
     * One end of a connection: an address that nobody has whom the firewall knows, or an interface.
     *
     * @param address null for an interface: its first of the family is taken
     * @param member null for an address outside
     */
    public record End(@Nullable IpAddress address, @Nullable Member member) {

        public End {
            if (address == null && member == null) {
                throw new IllegalArgumentException("An end is an address, an interface, or both");
            }
        }

        /** The address that is asked about, if it has one of the family. */
        public Optional<IpAddress> addressOf(IpFamily family) {
            if (address != null) {
                return Optional.of(address).filter(one -> one.family() == family);
            }
            return member == null
                    ? Optional.empty()
                    : member.addresses().stream()
                            .filter(one -> one.family() == family)
                            .findFirst();
        }

        @Override
        public String toString() {
            return member == null ? String.valueOf(address) : member.instanceId() + " (" + member.interfaceId() + ")";
        }
    }

    public Explanation explain(End source, End destination, Probe probe, IpFamily family) {
        List<Step> steps = new ArrayList<>();
        Member from = source.member();
        Member to = destination.member();
        if (from != null && to != null && !from.vpcId().equals(to.vpcId())) {
            steps.add(fact(
                    Place.NETWORK,
                    false,
                    "%s is in %s and %s in %s, and there is no peering between VPCs"
                            .formatted(source, from.vpcId(), destination, to.vpcId())));
            return concluded(steps, probe);
        }
        steps.add(fact(Place.NETWORK, true, network(from, to)));
        Optional<IpAddress> sourceAddress = source.addressOf(family);
        Optional<IpAddress> destinationAddress = destination.addressOf(family);
        if (sourceAddress.isEmpty() || destinationAddress.isEmpty()) {
            steps.add(fact(
                    Place.ADDRESSES,
                    false,
                    (sourceAddress.isEmpty() ? source : destination) + " has no " + said(family) + " address"));
            return concluded(steps, probe);
        }
        Packet packet = probe.packet(sourceAddress.get(), destinationAddress.get());
        steps.add(fact(
                Place.ADDRESSES,
                true,
                "%s goes from %s to %s".formatted(Words.of(packet), packet.source(), packet.destination())));
        if (from != null) {
            steps.add(state(Place.SOURCE_STATE, from));
            steps.add(groups(Place.SOURCE_EGRESS, from, Direction.EGRESS, packet, to));
        }
        if (to != null) {
            steps.add(groups(Place.DESTINATION_INGRESS, to, Direction.INGRESS, packet, from));
            steps.add(state(Place.DESTINATION_STATE, to));
        }
        return concluded(steps, probe);
    }

    /**
     * From one interface to the elastic address of another: the packet leaves the VPC, so that the source's groups see the
     * elastic address and the destination's groups the elastic address that it comes from. Whose groups either is in doesn't
     * count.
     *
     * @param elastic the destination's
     * @param from the source's elastic address
     */
    public Explanation explainOverInternet(
            End source, IpAddress elastic, IpAddress from, End destination, Probe probe, IpFamily family) {
        Explanation out = explain(source, new End(elastic, null), probe, family);
        Explanation in = explain(new End(from, null), destination, probe, family);
        List<Step> steps = new ArrayList<>(out.steps());
        steps.addAll(in.steps());
        return new Explanation(
                out.reachable() && in.reachable(), out.reachable() ? in.summary() : out.summary(), List.copyOf(steps));
    }

    private static String network(@Nullable Member from, @Nullable Member to) {
        if (from != null && to != null) {
            return "Both are in " + from.vpcId();
        }
        if (from != null) {
            return "The destination is outside of " + from.vpcId() + ": no group is asked there";
        }
        return to == null
                ? "Neither address is an instance's: no group is asked"
                : "The source is outside of " + to.vpcId() + ": no group is asked there, and the way in is a public"
                        + " address or a gateway, which groups don't know";
    }

    private static Step fact(Place place, boolean passes, String detail) {
        return new Step(place, passes, detail, List.of());
    }

    private static Step state(Place place, Member member) {
        return member.runs()
                ? fact(place, true, member.instanceId() + " runs")
                : fact(place, false, member.instanceId() + " isn't running but " + member.state());
    }

    private Step groups(Place place, Member own, Direction direction, Packet packet, @Nullable Member peer) {
        List<GroupStep> asked = new ArrayList<>();
        for (SecurityGroup group : vicinity.groupsOf(own)) {
            asked.add(new GroupStep(
                    group.id(),
                    group.name(),
                    direction,
                    group.rules(direction).stream()
                            .map(rule -> rule(rule, direction, packet, peer))
                            .toList()));
        }
        String towards = direction == Direction.INGRESS ? " from " : " to ";
        String what = Words.of(packet) + towards + Vicinity.other(direction, packet);
        List<String> allowing = asked.stream()
                .flatMap(group -> group.rules().stream()
                        .filter(RuleStep::allows)
                        .map(rule -> rule.rule().id() + " of " + group.groupId()))
                .toList();
        if (!allowing.isEmpty()) {
            return new Step(place, true, String.join(", ", allowing) + " allows " + what, asked);
        }
        String groups = own.groupIds().isEmpty() ? "no group" : String.join(", ", own.groupIds());
        return new Step(place, false, "no rule of " + groups + " allows " + what, asked);
    }

    private RuleStep rule(Rule rule, Direction direction, Packet packet, @Nullable Member peer) {
        boolean traffic = rule.traffic().matches(packet);
        boolean side = vicinity.isPeer(rule, direction, packet, peer);
        if (traffic && side) {
            return new RuleStep(rule, true, null);
        }
        List<String> whyNot = new ArrayList<>();
        if (!traffic) {
            whyNot.add("it allows " + Words.of(rule.traffic()) + ", not " + Words.of(packet));
        }
        if (!side) {
            whyNot.add(Vicinity.other(direction, packet) + " isn't among " + Words.of(rule.peer()));
        }
        return new RuleStep(rule, false, String.join("; ", whyNot));
    }

    private static Explanation concluded(List<Step> steps, Probe probe) {
        Optional<Step> stopped = steps.stream().filter(step -> !step.passes()).findFirst();
        String summary = stopped.map(step -> switch (step.place()) {
                    case NETWORK -> "unreachable: " + step.detail();
                    case ADDRESSES -> "unreachable over this address family: " + step.detail();
                    case SOURCE_STATE -> "nothing is sent: " + step.detail();
                    case SOURCE_EGRESS, DESTINATION_INGRESS, DESTINATION_STATE -> "times out: " + step.detail();
                })
                .orElseGet(() -> passing(steps, probe));
        return new Explanation(stopped.isEmpty(), summary, List.copyOf(steps));
    }

    private static String passing(List<Step> steps, Probe probe) {
        boolean leaves = steps.stream().noneMatch(step -> step.place() == Place.DESTINATION_INGRESS);
        String ends = leaves
                ? "passes here; what is at the destination decides"
                : probe.protocolNumber() == Transport.TCP.number()
                        ? "connects, or is refused if nothing listens on it"
                        : probe.protocolNumber() == Transport.UDP.number()
                                ? "arrives, or is answered with port unreachable if nothing listens on it"
                                : "arrives; whether it is answered is for the instance to say";
        return ends
                + steps.stream()
                        .filter(step -> !step.groups().isEmpty())
                        .map(Step::detail)
                        .collect(Collectors.joining("; then ", ": ", ""))
                        .replaceFirst("^: $", "");
    }

    private static String said(IpFamily family) {
        return switch (family) {
            case IPV4 -> "IPv4";
            case IPV6 -> "IPv6";
        };
    }
}
