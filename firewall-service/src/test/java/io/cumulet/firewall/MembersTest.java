package io.cumulet.firewall;

import static io.cumulet.firewall.InstanceStories.instance;
import static io.cumulet.firewall.InstanceStories.networkInterface;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.cumulet.contract.EventType;
import io.cumulet.contract.InstanceSnapshot;
import io.cumulet.firewall.app.MemberStore;
import io.cumulet.firewall.app.MemberStore.Change;
import io.cumulet.firewall.app.MemberStore.Told;
import io.cumulet.firewall.app.Members;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** The copy of who is in which group. */
@QuarkusTest
class MembersTest extends FirewallStack {

    private static final String VPC = "vpc-0123456789abcdef0";
    private static final String OTHER_VPC = "vpc-0fedcba9876543210";

    @Inject
    Members members;

    @Inject
    MemberStore store;

    private final AccountId owner = new AccountId(account);
    private final String host = ResourceKind.HOST.newId();
    private final String id = ResourceKind.INSTANCE.newId();

    @Test
    void anInstanceFromBeforeThereWereInterfacesHasItsPrimaryOne() {
        tell(event(EventType.INSTANCE_REQUESTED, id, 1, "pending", "172.31.0.4", "sg-a", "sg-b"));
        assertThat(ofInstance())
                .containsExactly(new Member(
                        DefaultNetwork.primaryInterfaceId(id),
                        id,
                        owner,
                        Region.DEFAULT,
                        VPC,
                        null,
                        List.of(address("172.31.0.4")),
                        List.of("sg-a", "sg-b"),
                        "pending",
                        List.of()));
    }

    @Test
    void eachInterfaceHasItsOwnAddressesAndGroups() {
        InstanceSnapshot.Interface first =
                networkInterface("eni-1" + id, 0, List.of("10.0.0.4", "10.0.0.5"), List.of("FD00::4"), "sg-a");
        InstanceSnapshot.Interface second = networkInterface("eni-2" + id, 1, List.of("10.0.1.4"), List.of(), "sg-b");
        tell(told(EventType.INSTANCE_REQUESTED, 1, "pending", host, first, second));

        assertThat(ofInstance()).extracting(Member::interfaceId).containsExactly("eni-1" + id, "eni-2" + id);
        assertThat(read(() -> store.ofGroups(owner, Region.DEFAULT, List.of("sg-b", "sg-c"))))
                .singleElement()
                .satisfies(member -> assertThat(member.addresses()).containsExactly(address("10.0.1.4")));
        assertThat(read(() -> store.withAddresses(owner, Region.DEFAULT, List.of("10.0.0.5", "fd00::4"))))
                .singleElement()
                .satisfies(member -> assertThat(member.groupIds()).containsExactly("sg-a"));
        assertThat(read(() -> store.onHosts(List.of(host)))).hasSize(2);
        assertThat(read(() -> store.all(owner, Region.DEFAULT, "eni-1" + id, 10)))
                .extracting(Member::interfaceId)
                .containsExactly("eni-2" + id);
        assertThat(read(() -> store.ofGroups(owner, new Region("eu-west-1"), List.of("sg-a"))))
                .isEmpty();
        assertThat(read(() -> store.ofInstance(new AccountId(anAccount()), Region.DEFAULT, id)))
                .isEmpty();

        // One is detached, the other loses an address.
        InstanceSnapshot.Interface less = networkInterface("eni-1" + id, 0, List.of("10.0.0.4"), List.of(), "sg-a");
        tell(told(EventType.INSTANCE_MODIFIED, 3, "running", host, less));
        assertThat(ofInstance()).hasSize(1);
        assertThat(read(() -> store.withAddresses(owner, Region.DEFAULT, List.of("10.0.0.5", "fd00::4", "10.0.1.4"))))
                .isEmpty();
    }

    @Test
    void aStoppedInstanceKeepsGroupsAndAddressesAndHasNoHostAndATerminatedOneHasNothing() {
        InstanceSnapshot.Interface only = networkInterface("eni-1" + id, 0, List.of("10.0.0.4"), List.of(), "sg-a");
        tell(told(EventType.INSTANCE_REQUESTED, 1, "pending", host, only));
        tell(told(EventType.INSTANCE_STOPPED, 4, "stopped", null, only));
        assertThat(ofInstance()).singleElement().satisfies(member -> {
            assertThat(member.hostId()).isNull();
            assertThat(member.groupIds()).containsExactly("sg-a");
        });
        assertThat(read(() -> store.onHosts(List.of(host)))).isEmpty();
        tell(told(EventType.INSTANCE_REQUESTED, 5, "pending", host, only));
        assertThat(ofInstance()).extracting(Member::hostId).containsExactly(host);
        tell(told(EventType.INSTANCE_TERMINATED, 8, "terminated", null));
        assertThat(ofInstance()).isEmpty();
        assertThat(read(() -> store.withAddresses(owner, Region.DEFAULT, List.of("10.0.0.4"))))
                .isEmpty();
    }

    @Test
    void anInterfaceThatChangesHandsEndsWithItsNewOwnerInWhateverOrderBothTell() {
        String other = ResourceKind.INSTANCE.newId();
        Member atFirst = member(id, "eni-1" + id, host, List.of("10.0.0.4"), "sg-a");
        Member atLast = member(other, "eni-1" + id, host, List.of("10.0.0.4"), "sg-a");
        take(told(id, 1, atFirst));
        take(told(other, 2, atLast));
        assertThat(read(() -> store.withAddresses(owner, Region.DEFAULT, List.of("10.0.0.4"))))
                .containsExactly(atLast, atFirst);
        take(told(id, 3));
        assertThat(read(() -> store.withAddresses(owner, Region.DEFAULT, List.of("10.0.0.4"))))
                .containsExactly(atLast);
    }

    @Test
    void aLargeGroupIsReadUpToALimitAndCounted() {
        String group = "sg-" + id;
        take(told(
                id,
                1,
                member(id, "eni-1" + id, host, List.of("10.0.0.4"), group),
                member(id, "eni-2" + id, host, List.of("10.0.0.5"), group),
                member(id, "eni-3" + id, host, List.of("10.0.0.6"), group)));
        MemberStore.GroupMembers two = read(() -> store.ofGroup(owner, Region.DEFAULT, VPC, group, 2));
        assertThat(two.first()).extracting(Member::interfaceId).containsExactly("eni-1" + id, "eni-2" + id);
        assertThat(two.count()).isEqualTo(3);
        assertThat(read(() -> store.ofGroup(owner, Region.DEFAULT, VPC, group, 4))
                        .count())
                .isEqualTo(3);
        assertThat(read(() -> store.ofGroup(owner, Region.DEFAULT, OTHER_VPC, group, 4))
                        .first())
                .isEmpty();
    }

    @Test
    void aChangeTellsWhatWasAndWhatIs() {
        Member first = member(id, "eni-1" + id, host, List.of("10.0.0.4"), "sg-a");
        Member moved = member(id, "eni-1" + id, null, List.of("10.0.0.4"), "sg-a");
        assertThat(take(told(id, 1, first))).containsExactly(Map.entry(id, new Change(List.of(), List.of(first))));
        assertThat(take(told(id, 1, first))).isEmpty();
        assertThat(take(told(id, 2, first))).as("a new version of the same").isEmpty();
        assertThat(take(told(id, 3, moved))).containsExactly(Map.entry(id, new Change(List.of(first), List.of(moved))));
        assertThat(take(told(id, 2, first))).as("an old version").isEmpty();
        assertThat(take(told(id, 4))).containsExactly(Map.entry(id, new Change(List.of(moved), List.of())));
    }

    @Test
    void redeliveryAndReorderingNeverChangeWhoIsInWhichGroup() {
        for (int round = 0; round < 5; round++) {
            long seed = round;
            Random random = new Random(seed);
            Map<String, List<Told>> histories = new HashMap<>();
            List<Told> deliveries = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                String instance = ResourceKind.INSTANCE.derivedId("members", Long.toString(seed), Integer.toString(i));
                List<Told> history = history(random, instance);
                histories.put(instance, history);
                deliveries.addAll(history);
                history.stream().filter(told -> random.nextBoolean()).forEach(deliveries::add);
            }
            Collections.shuffle(deliveries, random);
            Map<String, List<Member>> followed = new HashMap<>();
            while (!deliveries.isEmpty()) {
                List<Told> batch = deliveries.subList(0, 1 + random.nextInt(deliveries.size()));
                // Who follows the changes alone knows as much as the store.
                take(batch.toArray(Told[]::new)).forEach((instance, change) -> {
                    assertThat(change.before())
                            .as("seed %d", seed)
                            .isEqualTo(followed.getOrDefault(instance, List.of()));
                    followed.put(instance, change.after());
                });
                batch.clear();
            }
            histories.forEach((instance, history) -> {
                List<Member> last = history.getLast().members();
                assertThat(read(() -> store.ofInstance(owner, Region.DEFAULT, instance)))
                        .as("seed %d", seed)
                        .isEqualTo(last)
                        .isEqualTo(followed.getOrDefault(instance, List.of()));
                for (Told told : history) {
                    for (Member member : told.members()) {
                        for (IpAddress address : member.addresses()) {
                            boolean there = last.stream()
                                    .anyMatch(now -> now.addresses().contains(address));
                            assertThat(read(() -> store.withAddresses(
                                                    owner, Region.DEFAULT, List.of(address.toString())))
                                            .stream()
                                            .anyMatch(
                                                    found -> found.instanceId().equals(instance)))
                                    .as("seed %d, %s", seed, address)
                                    .isEqualTo(there);
                        }
                    }
                }
            });
        }
    }

    /** What happens to an instance, in order; often its end. */
    private List<Told> history(Random random, String instance) {
        List<Told> history = new ArrayList<>();
        int versions = 1 + random.nextInt(5);
        for (int version = 1; version <= versions; version++) {
            List<Member> interfaces = new ArrayList<>();
            int count = version == versions && random.nextBoolean() ? 0 : 1 + random.nextInt(3);
            for (int i = 0; i < count; i++) {
                List<String> addresses = random.nextInt(4) == 0
                        ? List.of("10.1." + random.nextInt(250) + "." + i, "fd00::" + (1 + random.nextInt(999)))
                        : List.of("10.1." + random.nextInt(250) + "." + i);
                interfaces.add(member(
                        instance,
                        "eni-" + i + instance,
                        random.nextBoolean() ? host : null,
                        addresses,
                        "sg-" + random.nextInt(3)));
            }
            interfaces.sort(Comparator.comparing(Member::interfaceId));
            history.add(new Told(instance, owner, Region.DEFAULT, version, interfaces));
        }
        return history;
    }

    @Test
    void anAddressOfTwoVpcsNeedsTheVpcSaid() {
        String second = ResourceKind.INSTANCE.newId();
        String open = group("open");
        authorize(open, "ingress", "{\"rules\": [" + HTTP_FROM_ANYWHERE + "]}").statusCode(201);
        take(
                told(id, 1, member(id, "eni-1" + id, host, List.of("10.0.0.4"), open)),
                new Told(
                        second,
                        owner,
                        Region.DEFAULT,
                        1,
                        List.of(new Member(
                                "eni-2" + id,
                                second,
                                owner,
                                Region.DEFAULT,
                                OTHER_VPC,
                                host,
                                List.of(address("10.0.0.4"), address("10.0.0.9")),
                                List.of(defaultGroup)))));
        String packet =
                "{\"source\": \"203.0.113.9\", \"destination\": \"%s\", \"protocol\": \"tcp\", \"destinationPort\": 80}";
        problem(evaluate("{\"packets\": [" + packet.formatted("10.0.0.4") + "]}"), 400, "InvalidParameterValue")
                .body("field", equalTo("packets[0].destination"))
                .body("detail", containsString("10.0.0.4"))
                .body("detail", containsString(OTHER_VPC));
        evaluate("{\"packets\": [" + packet.formatted("10.0.0.4") + "," + packet.formatted("10.0.0.9")
                        + "], \"vpcId\": \"" + VPC + "\"}")
                .statusCode(200)
                .body("verdicts.allowed", contains(true, true));
        evaluate("{\"packets\": [" + packet.formatted("10.0.0.4") + "], \"vpcId\": \"" + OTHER_VPC + "\"}")
                .body("verdicts.allowed", contains(false));
        evaluate("{\"packets\": [" + packet.formatted("10.0.0.9") + "]}").body("verdicts.allowed", contains(false));
        problem(
                        evaluate("{\"packets\": [], \"groups\": [], \"vpcId\": \"" + VPC + "\"}"),
                        400,
                        "InvalidParameterCombination")
                .body("field", equalTo("vpcId"));
    }

    private ValidatableResponse evaluate(String body) {
        return as(account).body(body).post("/v1/evaluations").then();
    }

    private ProducerRecord<String, byte[]> told(
            EventType type, long version, String state, String hostId, InstanceSnapshot.Interface... interfaces) {
        return InstanceStories.event(
                type, instance(id, version, account, state, VPC, hostId, interfaces), clock.epoch());
    }

    private Told told(String instanceId, long version, Member... interfaces) {
        return new Told(instanceId, owner, Region.DEFAULT, version, List.of(interfaces));
    }

    private Member member(
            String instanceId, String interfaceId, String hostId, List<String> addresses, String groupId) {
        return new Member(
                interfaceId,
                instanceId,
                owner,
                Region.DEFAULT,
                VPC,
                hostId,
                addresses.stream().map(MembersTest::address).toList(),
                List.of(groupId));
    }

    private Map<String, Change> take(Told... news) {
        return QuarkusTransaction.requiringNew().call(() -> members.restore(List.of(news)));
    }

    private List<Member> ofInstance() {
        return read(() -> store.ofInstance(owner, Region.DEFAULT, id));
    }

    private static <T> T read(Supplier<T> query) {
        return QuarkusTransaction.requiringNew().call(query::get);
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
