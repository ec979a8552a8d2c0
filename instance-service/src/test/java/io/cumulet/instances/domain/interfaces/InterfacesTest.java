package io.cumulet.instances.domain.interfaces;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InstanceState;
import io.cumulet.instances.domain.network.ElasticAddress;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.network.NetworkInterface.Attachment;
import io.cumulet.instances.domain.network.NetworkInterface.PrivateAddress;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.SubnetAddresses;
import io.cumulet.instances.domain.network.SubnetSettings;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterfacesTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final AccountId ACCOUNT = new AccountId("111111111111");
    private static final AccountId STRANGER = new AccountId("222222222222");
    private static final AvailabilityZone ZONE = new AvailabilityZone("us-east-1a");
    private static final Subnet SUBNET = new Subnet(
            "subnet-1",
            ACCOUNT,
            ZONE,
            "vpc-1",
            Cidr.parse("10.0.0.0/28").orElseThrow(),
            Cidr.parse("fd00:0:0:1::/64").orElseThrow(),
            false,
            false,
            SubnetSettings.OF_NEW,
            Map.of(),
            1,
            NOW);

    private final World world = new World();

    @Test
    void everyCommandInEveryStateDoesWhatTheTableSays() {
        NetworkInterface free = world.add(made("eni-free", "10.0.0.10"));
        ElasticAddress elastic = elastic("198.18.0.1", null);
        Map<InterfaceCommand, List<String>> table = new LinkedHashMap<>();
        table.put(
                new InterfaceCommand.Attach("i-3", 1, false),
                List.of("done", "InvalidNetworkInterface.InUse", "InvalidNetworkInterface.InUse"));
        table.put(
                new InterfaceCommand.Detach(false),
                List.of("InvalidAttachmentID.NotFound", "done", "IncorrectInstanceState"));
        table.put(new InterfaceCommand.Detach(true), List.of("InvalidAttachmentID.NotFound", "done", "done"));
        table.put(
                new InterfaceCommand.Modify("other", null, null, null, null),
                List.of("done", "done", "IncorrectInstanceState"));
        table.put(
                new InterfaceCommand.AssignPrivate(List.of(), 1, false),
                List.of("done", "done", "IncorrectInstanceState"));
        table.put(new InterfaceCommand.AssignIpv6(List.of(), 1), List.of("done", "done", "IncorrectInstanceState"));
        table.put(
                new InterfaceCommand.Delete(),
                List.of("done", "InvalidNetworkInterface.InUse", "InvalidNetworkInterface.InUse"));
        table.put(
                new InterfaceCommand.Associate(elastic, null, false),
                List.of("done", "done", "IncorrectInstanceState"));
        table.put(new InterfaceCommand.Disassociate(ip("198.18.0.9")), List.of("done", "done", "done"));
        for (InstanceState settled : List.of(InstanceState.RUNNING, InstanceState.STOPPED)) {
            for (InstanceState underWay :
                    List.of(InstanceState.PENDING, InstanceState.STOPPING, InstanceState.SHUTTING_DOWN)) {
                NetworkInterface attached = attachedTo("i-1", 1, made("eni-a", "10.0.0.11"));
                NetworkInterface held = attachedTo("i-2", 1, made("eni-b", "10.0.0.12"));
                world.set(instance("i-1", settled, attached));
                world.set(instance("i-2", underWay, held));
                world.set(instance("i-3", settled));
                table.forEach((command, cells) -> {
                    assertThat(outcome(free, command)).as("free: %s", command).isEqualTo(cells.get(0));
                    assertThat(outcome(attached, command))
                            .as("%s: %s", settled, command)
                            .isEqualTo(cells.get(1));
                    assertThat(outcome(held, command))
                            .as("%s: %s", underWay, command)
                            .isEqualTo(cells.get(2));
                });
            }
        }
    }

    @Test
    void anInterfaceIsAttachedToAnInstanceOfItsOwnerWithRoomForIt() {
        NetworkInterface one = world.add(made("eni-1", "10.0.0.10"));
        world.set(instance("i-1", InstanceState.RUNNING));
        world.set(instance("i-pending", InstanceState.PENDING));
        world.instances.put("i-foreign", instanceOf(STRANGER, "i-foreign", InstanceState.RUNNING, List.of()));

        assertThat(outcome(one, new InterfaceCommand.Attach("i-none", 1, false)))
                .isEqualTo("InvalidInstanceID.NotFound");
        assertThat(outcome(one, new InterfaceCommand.Attach("i-foreign", 1, false)))
                .isEqualTo("InvalidInstanceID.NotFound");
        assertThat(outcome(one, new InterfaceCommand.Attach("i-pending", 1, false)))
                .isEqualTo("IncorrectInstanceState");
        assertThat(outcome(one, new InterfaceCommand.Attach("i-1", 0, false))).isEqualTo("InvalidParameterValue");

        Attachment attachment =
                after(one, new InterfaceCommand.Attach("i-1", 1, true)).attachment();
        assertThat(attachment)
                .returns("i-1", Attachment::instanceId)
                .returns(1, Attachment::deviceIndex)
                .returns(true, Attachment::deleteOnTermination)
                .returns(NOW, Attachment::attachedAt);

        // A t3.micro has two interfaces with two addresses each.
        world.set(instance("i-1", InstanceState.RUNNING, attachedTo("i-1", 1, made("eni-2", "10.0.0.11"))));
        assertThat(outcome(one, new InterfaceCommand.Attach("i-1", 2, false))).isEqualTo("AttachmentLimitExceeded");
        world.set(instance("i-1", InstanceState.RUNNING));
        NetworkInterface three = world.add(made("eni-3", "10.0.0.12", "10.0.0.13", "10.0.0.14"));
        assertThat(outcome(three, new InterfaceCommand.Attach("i-1", 1, false)))
                .isEqualTo("PrivateIpAddressLimitExceeded");
    }

    @Test
    void thePrimaryInterfaceStaysWithItsInstance() {
        Instance instance = instance("i-1", InstanceState.STOPPED);
        world.set(instance);
        NetworkInterface primary = instance.interfaces().getFirst();
        assertThat(outcome(primary, new InterfaceCommand.Detach(true))).isEqualTo("OperationNotPermitted");
        assertThat(outcome(primary, new InterfaceCommand.UnassignPrivate(List.of(primary.primaryAddress()))))
                .isEqualTo("InvalidParameterValue");
    }

    @Test
    void addressesAreOfTheSubnetAndFreeAndCountedAgainstTheTypeOfTheInstance() {
        NetworkInterface one = world.add(made("eni-1", "10.0.0.10"));
        world.add(made("eni-2", "10.0.0.11", "10.0.0.12"));
        assertThat(outcome(one, assign("10.0.1.5"))).isEqualTo("InvalidParameterValue");
        assertThat(outcome(one, assign("10.0.0.3"))).isEqualTo("InvalidParameterValue");
        assertThat(outcome(one, assign("10.0.0.15"))).isEqualTo("InvalidParameterValue");
        assertThat(outcome(one, assign("10.0.0.12"))).isEqualTo("InvalidIPAddress.InUse");
        assertThat(decide(one, assign("10.0.0.10"))).isEqualTo(Outcome.done(List.of()));
        assertThat(after(one, assign("10.0.0.13")).privateAddresses())
                .containsExactly(address("10.0.0.10"), address("10.0.0.13"));
        // 11 can be used, 3 are.
        assertThat(outcome(one, new InterfaceCommand.AssignPrivate(List.of(), 8, false)))
                .isEqualTo("done");
        assertThat(outcome(one, new InterfaceCommand.AssignPrivate(List.of(), 9, false)))
                .isEqualTo("InsufficientFreeAddressesInSubnet");

        NetworkInterface attached = attachedTo("i-1", 1, made("eni-3", "10.0.0.13"));
        world.set(instance("i-1", InstanceState.RUNNING, attached));
        assertThat(outcome(attached, new InterfaceCommand.AssignPrivate(List.of(), 1, false)))
                .isEqualTo("done");
        assertThat(outcome(attached, new InterfaceCommand.AssignPrivate(List.of(), 2, false)))
                .isEqualTo("PrivateIpAddressLimitExceeded");
    }

    @Test
    void aSecondaryAddressMovesWithItsElasticAddressAndAPrimaryOneStays() {
        NetworkInterface one = world.add(made("eni-1", "10.0.0.10"));
        NetworkInterface other = world.add(
                made("eni-2", "10.0.0.11", "10.0.0.12", "10.0.0.13").withPublic(ip("10.0.0.12"), ip("198.18.0.1")));
        assertThat(outcome(one, new InterfaceCommand.AssignPrivate(List.of(ip("10.0.0.11")), 0, true)))
                .isEqualTo("InvalidIPAddress.InUse");
        List<InterfaceChange> changes = decide(
                        one, new InterfaceCommand.AssignPrivate(List.of(ip("10.0.0.12"), ip("10.0.0.13")), 0, true))
                .orThrow();
        assertThat(changes).hasSize(2);
        assertThat(changes.get(0).before()).isEqualTo(other);
        assertThat(changes.get(0).after().privateAddresses()).containsExactly(address("10.0.0.11"));
        assertThat(changes.get(0).after().version()).isEqualTo(other.version() + 1);
        assertThat(changes.get(1).after().privateAddresses())
                .containsExactly(
                        address("10.0.0.10"),
                        new PrivateAddress(ip("10.0.0.12"), ip("198.18.0.1")),
                        address("10.0.0.13"));

        ElasticAddress elastic =
                elastic("198.18.0.1", new ElasticAddress.Association("eipassoc-1", "eni-2", ip("10.0.0.12"), null));
        ElasticAddress moved = elastic.following(befores(changes), afters(changes), "eipassoc-2");
        assertThat(moved.association())
                .isEqualTo(new ElasticAddress.Association("eipassoc-1", "eni-1", ip("10.0.0.12"), null));
        assertThat(moved.version()).isEqualTo(elastic.version() + 1);
    }

    @Test
    void anElasticAddressIsTakenFromElsewhereOnlyWhereThatIsAllowed() {
        ElasticAddress here =
                elastic("198.18.0.1", new ElasticAddress.Association("eipassoc-1", "eni-1", ip("10.0.0.10"), null));
        ElasticAddress there =
                elastic("198.18.0.2", new ElasticAddress.Association("eipassoc-2", "eni-2", ip("10.0.0.11"), null));
        NetworkInterface one =
                world.add(made("eni-1", "10.0.0.10", "10.0.0.12").withPublic(ip("10.0.0.10"), here.publicAddress()));
        NetworkInterface two = world.add(made("eni-2", "10.0.0.11").withPublic(ip("10.0.0.11"), there.publicAddress()));

        assertThat(decide(one, new InterfaceCommand.Associate(here, null, false)))
                .isEqualTo(Outcome.done(List.of()));
        assertThat(outcome(two, new InterfaceCommand.Associate(here, null, false)))
                .isEqualTo("Resource.AlreadyAssociated");
        assertThat(outcome(one, new InterfaceCommand.Associate(elastic("198.18.0.3", null), null, false)))
                .isEqualTo("Resource.AlreadyAssociated");
        assertThat(outcome(one, new InterfaceCommand.Associate(here, ip("10.0.0.11"), true)))
                .isEqualTo("InvalidParameterValue");

        List<InterfaceChange> moved =
                decide(two, new InterfaceCommand.Associate(here, null, true)).orThrow();
        assertThat(afters(moved))
                .extracting(NetworkInterface::publicAddresses)
                .containsExactly(List.of(), List.of(here.publicAddress()));
        assertThat(here.following(befores(moved), afters(moved), "eipassoc-3").association())
                .isEqualTo(new ElasticAddress.Association("eipassoc-3", "eni-2", ip("10.0.0.11"), null));
        assertThat(there.following(befores(moved), afters(moved), "eipassoc-4").association())
                .isNull();

        List<InterfaceChange> within = decide(one, new InterfaceCommand.Associate(here, ip("10.0.0.12"), true))
                .orThrow();
        assertThat(within).hasSize(1);
        assertThat(within.getFirst().after().version()).isEqualTo(one.version() + 1);
        assertThat(within.getFirst().after().privateAddresses())
                .containsExactly(address("10.0.0.10"), new PrivateAddress(ip("10.0.0.12"), here.publicAddress()));
    }

    @Test
    void whatIsAssociatedLearnsOfAttachmentAndDetachment() {
        ElasticAddress elastic =
                elastic("198.18.0.1", new ElasticAddress.Association("eipassoc-1", "eni-1", ip("10.0.0.10"), null));
        NetworkInterface one =
                world.add(made("eni-1", "10.0.0.10").withPublic(ip("10.0.0.10"), elastic.publicAddress()));
        world.set(instance("i-1", InstanceState.RUNNING));
        List<InterfaceChange> attached =
                decide(one, new InterfaceCommand.Attach("i-1", 1, false)).orThrow();
        ElasticAddress after = elastic.following(befores(attached), afters(attached), "eipassoc-2");
        assertThat(after.association())
                .isEqualTo(new ElasticAddress.Association("eipassoc-1", "eni-1", ip("10.0.0.10"), "i-1"));
        assertThat(after.following(afters(attached), afters(attached), "eipassoc-3"))
                .isSameAs(after);
    }

    @Test
    void ipv6AddressesAreOfTheSubnetsBlockAndNeverTheFirstFourOrTheLast() {
        NetworkInterface one = world.add(made("eni-1", "10.0.0.10"));
        world.ipv6.add(ip("fd00:0:0:1::9"));
        for (String wrong :
                List.of("fd00:0:0:1::", "fd00:0:0:1::3", "fd00:0:0:1:ffff:ffff:ffff:ffff", "fd00:0:0:2::9")) {
            assertThat(outcome(one, new InterfaceCommand.AssignIpv6(List.of(ip(wrong)), 0)))
                    .as(wrong)
                    .isEqualTo("InvalidParameterValue");
        }
        assertThat(outcome(one, new InterfaceCommand.AssignIpv6(List.of(ip("fd00:0:0:1::9")), 0)))
                .isEqualTo("InvalidIPAddress.InUse");
        NetworkInterface with = after(one, new InterfaceCommand.AssignIpv6(List.of(ip("fd00:0:0:1::4")), 0));
        assertThat(with.ipv6Addresses()).containsExactly(ip("fd00:0:0:1::4"));
        assertThat(after(one, new InterfaceCommand.AssignIpv6(List.of(), 5)).ipv6Addresses())
                .doesNotHaveDuplicates()
                .hasSize(5)
                .allMatch(address -> SUBNET.ipv6Cidr().contains(address));
        assertThat(outcome(one, new InterfaceCommand.UnassignIpv6(List.of(ip("fd00:0:0:1::4")))))
                .isEqualTo("InvalidParameterValue");
    }

    @Test
    void aNewInterfaceGetsWhatItAsksForOrNothing() {
        world.add(made("eni-1", "10.0.0.4"));
        assertThat(create(List.of(), 2, List.of(), null).orThrow().privateAddresses())
                .hasSize(3)
                .doesNotContain(address("10.0.0.4"));
        assertThat(create(List.of(ip("10.0.0.9")), 1, List.of(), null).orThrow().primaryAddress())
                .isEqualTo(ip("10.0.0.9"));
        assertThat(code(create(List.of(ip("10.0.0.4")), 0, List.of(), null))).isEqualTo("InvalidIPAddress.InUse");
        assertThat(code(create(List.of(), 10, List.of(), null))).isEqualTo("InsufficientFreeAddressesInSubnet");
        assertThat(create(List.of(), 0, List.of(), 2).orThrow().ipv6Addresses()).hasSize(2);
        assertThat(create(List.of(), 0, List.of(), null).orThrow().ipv6Addresses())
                .isEmpty();
    }

    /** Whatever is asked: what is decided has no address twice, and each interface is its next version. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void noDecisionLeavesAnAddressOnTwoInterfaces(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 4; i++) {
            world.add(made("eni-" + i, "10.0.0." + (4 + i)));
        }
        Map<String, ElasticAddress> elastics = new HashMap<>();
        for (int i = 0; i < 3; i++) {
            elastics.put("198.18.0." + i, elastic("198.18.0." + i, null));
        }
        int changed = 0;
        for (int step = 0; step < 300; step++) {
            NetworkInterface one = world.interfaces.get("eni-" + random.nextInt(4));
            ElasticAddress elastic = elastics.get("198.18.0." + random.nextInt(3));
            InterfaceCommand command = switch (random.nextInt(5)) {
                case 0 ->
                    new InterfaceCommand.AssignPrivate(List.of(any(random)), random.nextInt(2), random.nextBoolean());
                case 1 -> new InterfaceCommand.UnassignPrivate(List.of(any(random)));
                case 2 -> new InterfaceCommand.AssignPrivate(List.of(any(random)), 0, true);
                case 3 ->
                    new InterfaceCommand.Associate(
                            elastic, random.nextBoolean() ? any(random) : null, random.nextBoolean());
                default -> new InterfaceCommand.Disassociate(elastic.publicAddress());
            };
            if (!(decide(one, command) instanceof Outcome.Done<List<InterfaceChange>>(List<InterfaceChange> changes))) {
                continue;
            }
            changed += changes.size();
            for (InterfaceChange change : changes) {
                assertThat(change.after().version()).isEqualTo(change.before().version() + 1);
                assertThat(change.before())
                        .isEqualTo(world.interfaces.get(change.before().id()));
            }
            changes.forEach(change -> world.remove(change.before()));
            changes.forEach(change -> world.add(change.after()));
            elastics.replaceAll(
                    (key, address) -> address.following(befores(changes), afters(changes), "eipassoc-" + key));
            List<IpAddress> publics = world.interfaces.values().stream()
                    .flatMap(each -> each.publicAddresses().stream())
                    .toList();
            assertThat(publics).as("seed %s, step %s: %s", seed, step, command).doesNotHaveDuplicates();
            assertThat(elastics.values().stream().filter(each -> each.association() != null))
                    .as("seed %s, step %s: %s", seed, step, command)
                    .extracting(ElasticAddress::publicAddress)
                    .containsExactlyInAnyOrderElementsOf(publics);
        }
        assertThat(changed).as("seed %s", seed).isGreaterThan(50);
    }

    private static IpAddress any(Random random) {
        return SUBNET.address(4 + random.nextInt(11));
    }

    private Outcome<NetworkInterface> create(
            List<IpAddress> addresses, int secondary, List<IpAddress> ipv6, Integer ipv6Count) {
        return Interfaces.create(
                "eni-new",
                new NewInterface(
                        ACCOUNT,
                        ZONE.region(),
                        SUBNET.id(),
                        "",
                        "privateIpAddresses",
                        addresses,
                        secondary,
                        ipv6,
                        ipv6Count,
                        List.of("sg-1"),
                        Map.of()),
                world,
                NOW);
    }

    private Outcome<List<InterfaceChange>> decide(NetworkInterface one, InterfaceCommand command) {
        return Interfaces.decide(one, command, world, NOW);
    }

    private String outcome(NetworkInterface one, InterfaceCommand command) {
        return code(decide(one, command));
    }

    private static String code(Outcome<?> outcome) {
        return switch (outcome) {
            case Outcome.Done<?> done -> "done";
            case Outcome.Refused<?>(Refusal refusal) -> refusal.code().code();
        };
    }

    private NetworkInterface after(NetworkInterface one, InterfaceCommand command) {
        List<InterfaceChange> changes = decide(one, command).orThrow();
        assertThat(changes).hasSize(1);
        return changes.getFirst().after();
    }

    private static List<NetworkInterface> befores(List<InterfaceChange> changes) {
        return changes.stream().map(InterfaceChange::before).toList();
    }

    private static List<NetworkInterface> afters(List<InterfaceChange> changes) {
        return changes.stream().map(InterfaceChange::after).toList();
    }

    private static InterfaceCommand assign(String address) {
        return new InterfaceCommand.AssignPrivate(List.of(ip(address)), 0, false);
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    private static PrivateAddress address(String text) {
        return new PrivateAddress(ip(text), null);
    }

    private static ElasticAddress elastic(String publicAddress, ElasticAddress.Association association) {
        return new ElasticAddress(
                "eipalloc-" + publicAddress, ACCOUNT, ZONE.region(), ip(publicAddress), association, Map.of(), 1, NOW);
    }

    private static NetworkInterface made(String id, String... addresses) {
        return new NetworkInterface(
                id,
                ACCOUNT,
                ZONE,
                SUBNET.vpcId(),
                SUBNET.id(),
                "",
                List.of(addresses).stream().map(InterfacesTest::address).toList(),
                List.of(),
                List.of("sg-1"),
                true,
                Map.of(),
                1,
                NOW,
                null);
    }

    private static NetworkInterface attachedTo(String instanceId, int deviceIndex, NetworkInterface one) {
        return one.attachedAs(new Attachment("eni-attach-" + one.id(), instanceId, deviceIndex, NOW, false));
    }

    private static Instance instance(String id, InstanceState state, NetworkInterface... more) {
        NetworkInterface primary =
                NetworkInterface.primaryOf(id, SUBNET, ip("10.0.0.4"), List.of(), List.of("sg-1"), Map.of(), NOW);
        return instanceOf(
                ACCOUNT,
                id,
                state,
                Stream.concat(Stream.of(primary), Stream.of(more)).toList());
    }

    private static Instance instanceOf(
            AccountId account, String id, InstanceState state, List<NetworkInterface> interfaces) {
        return new Instance(
                id,
                account,
                ZONE,
                1,
                1,
                state,
                NOW,
                new Instance.Launch(
                        "r-1", 0, "ami-1", OperatingSystem.LINUX, "x86_64", SUBNET.vpcId(), SUBNET.id(), null, null),
                new InstanceType("t3.micro"),
                null,
                null,
                null,
                null,
                "10.0.0.4",
                List.of("sg-1"),
                Map.of(),
                false,
                NOW,
                null,
                interfaces);
    }

    /** All in one subnet. */
    private static final class World implements InterfaceFacts {
        private final Map<String, NetworkInterface> interfaces = new HashMap<>();
        private final Map<String, Instance> instances = new HashMap<>();
        private final SubnetAddresses taken = new SubnetAddresses(SUBNET.size());
        private final Random random = new Random(1);
        private final Set<IpAddress> ipv6 = new HashSet<>();

        NetworkInterface add(NetworkInterface one) {
            interfaces.put(one.id(), one);
            one.privateAddresses().forEach(address -> taken.take(SUBNET.offset(address.address())));
            return one;
        }

        void remove(NetworkInterface one) {
            interfaces.remove(one.id());
            one.privateAddresses().forEach(address -> taken.release(SUBNET.offset(address.address())));
        }

        void set(Instance instance) {
            instances.put(instance.id(), instance);
        }

        @Override
        public Subnet subnet(String subnetId) {
            return SUBNET.id().equals(subnetId) ? SUBNET : null;
        }

        @Override
        public SubnetAddresses addresses(String subnetId) {
            return taken;
        }

        @Override
        public Instance instance(String instanceId) {
            return instances.get(instanceId);
        }

        @Override
        public NetworkInterface networkInterface(String interfaceId) {
            return interfaces.get(interfaceId);
        }

        @Override
        public NetworkInterface holder(String subnetId, IpAddress privateAddress) {
            return interfaces.values().stream()
                    .filter(one -> one.has(privateAddress))
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public boolean isTaken(IpAddress ipv6Address) {
            return ipv6.contains(ipv6Address);
        }

        @Override
        public RandomGenerator random() {
            return random;
        }
    }
}
