package io.cumulet.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.ContractJson;
import io.cumulet.contract.EventType;
import io.cumulet.contract.RulesetChunk;
import io.cumulet.contract.RulesetDelta;
import io.cumulet.contract.Topic;
import io.cumulet.firewall.app.MemberStore.Told;
import io.cumulet.firewall.app.Members;
import io.cumulet.firewall.app.RulesetPublications;
import io.cumulet.firewall.app.RulesetStore;
import io.cumulet.firewall.app.RulesetStore.Place;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.rulesets.PaperKernel;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.outbox.EventHeaders;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What hosts are told, on the real topic. */
@QuarkusTest
class RulesetsTest extends FirewallStack {

    private static final String VPC = "vpc-0123456789abcdef0";
    private static final String HTTP = "\"protocol\": \"tcp\", \"fromPort\": 80, \"toPort\": 80";
    private static final String ALL = "\"protocol\": \"all\"";
    private static final int LARGEST_RECORD = 900_000;

    @Inject
    Members members;

    @Inject
    RulesetPublications publications;

    @Inject
    DataSource dataSource;

    @Inject
    RulesetStore store;

    private final AccountId owner = new AccountId(account);
    private final String host = ResourceKind.HOST.newId();
    private final String otherHost = ResourceKind.HOST.newId();

    /** A host that takes records as the contract says. */
    private static final class FollowingHost {

        private final PaperKernel kernel = new PaperKernel();
        private final List<String> types = new ArrayList<>();
        private final List<String> lastLines = new ArrayList<>();
        private long version;
        private int chunksToCome;

        void take(ConsumerRecord<String, byte[]> record) {
            assertThat(record.value()).hasSizeLessThan(LARGEST_RECORD);
            String type = Objects.requireNonNull(EventHeaders.text(record.headers(), CloudEventHeaders.TYPE));
            types.add(type);
            lastLines.clear();
            if (type.equals(EventType.RULESET_CHANGED.typeName())) {
                RulesetDelta delta = parsed(record, RulesetDelta.class);
                assertThat(chunksToCome).isZero();
                assertThat(delta.version()).isEqualTo(version + 1);
                lastLines.addAll(delta.nft());
                version = delta.version();
            } else {
                RulesetChunk chunk = parsed(record, RulesetChunk.class);
                chunksToCome = chunk.chunk() == 0 ? chunk.chunks() : chunksToCome;
                assertThat(chunk.chunks() - chunk.chunk()).isEqualTo(chunksToCome);
                chunksToCome--;
                assertThat(chunk.version()).isBetween(version, version + 1);
                lastLines.addAll(chunk.nft());
                version = chunk.version();
            }
            kernel.load(lastLines);
        }

        private static <T> T parsed(ConsumerRecord<String, byte[]> record, Class<T> type) {
            try {
                return ContractJson.read(record.value(), type);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void aHostIsToldAllFirstAndThenWhatChanged() {
        String clients = group("clients");
        String servers = group("servers");
        String open = allow(servers, HTTP, clients);
        Member server = member(0, host, "10.0.0.1", servers);
        take(1, server);
        take(1, member(1, otherHost, "10.0.0.2", clients));
        FollowingHost followed = follow(host, 2);
        assertThat(followed.types).containsExactly("ruleset.full", "ruleset.changed");
        assertThat(followed.lastLines)
                .containsExactly("add element inet cumulet g4-" + clients.substring(3) + " { 10.0.0.2 }");

        // The other one leaves again, and the server closes its port.
        take(2, member(1, otherHost, "10.0.0.2"));
        revoke(servers, open);
        followed = follow(host, 4);
        assertThat(followed.version).isEqualTo(4);
        assertThat(followed.types)
                .containsExactly("ruleset.full", "ruleset.changed", "ruleset.changed", "ruleset.changed");
        assertThat(followed.kernel.toString()).isEqualTo(asked(host).toString()).doesNotContain("10.0.0.2");

        // What changes nothing isn't told, and a host without instances lets nothing pass.
        take(1, member(1, otherHost, "10.0.0.2"));
        take(2);
        followed = follow(host, 5);
        assertThat(followed.version).isEqualTo(5);
        assertThat(followed.kernel.toString()).isEqualTo(asked(host).toString()).doesNotContain(servers.substring(3));
    }

    @Test
    void anOperatorReadsARulesetAndHasItPublishedAnew() {
        take(1, member(0, host, "10.0.0.1", defaultGroup));
        as("operator")
                .post("/v1/rulesets/" + host + "/publication")
                .then()
                .statusCode(202)
                .body("hostId", equalTo(host))
                .body("version", equalTo(1))
                .body("chunks", equalTo(1));
        FollowingHost followed = follow(host, 2);
        assertThat(followed.types).containsExactly("ruleset.full", "ruleset.full");
        assertThat(followed.version).isEqualTo(1);
        as("operator")
                .get("/v1/rulesets/" + host)
                .then()
                .statusCode(200)
                .contentType("text/plain")
                .header("Ruleset-Version", "1");

        String missing = ResourceKind.HOST.newId();
        problem(as("operator").get("/v1/rulesets/" + missing).then(), 404, "InvalidHostID.NotFound");
        problem(as("operator").get("/v1/rulesets/" + host + "?region=eu-west-1").then(), 404, "InvalidHostID.NotFound");
        problem(as("operator").post("/v1/rulesets/" + missing + "/publication").then(), 404, "InvalidHostID.NotFound");
        problem(get("/v1/rulesets/" + host), 403, "UnauthorizedOperation");
        problem(as(account).post("/v1/rulesets/" + host + "/publication").then(), 403, "UnauthorizedOperation");
    }

    @Test
    void whatWasNotToldInFullForLongIsToldInFull() throws SQLException {
        take(1, member(0, host, "10.0.0.1", defaultGroup));
        follow(host, 1);
        sql("UPDATE host_ruleset SET told_at = now() - interval '7 hours' WHERE host_id = ?", host);
        publications.publishDue();
        assertThat(follow(host, 2).types).containsExactly("ruleset.full", "ruleset.full");
    }

    @Test
    void manyChangesAreToldInFullByTheWorkerAndNotByTheChangeItself() throws SQLException {
        take(1, member(0, host, "10.0.0.1", defaultGroup));
        sql("UPDATE host_ruleset SET deltas = 999 WHERE host_id = ?", host);
        take(1, member(1, host, "10.0.0.2", defaultGroup));
        FollowingHost followed = follow(host, 3);
        assertThat(followed.types).containsExactly("ruleset.full", "ruleset.changed", "ruleset.full");
        assertThat(followed.version).isEqualTo(2);
        assertThat(followed.kernel.toString()).isEqualTo(asked(host).toString());
    }

    /** As an upgrade leaves it that came before hosts were known: the first event would cut off the others. */
    @Test
    void untilTheCopyIsMadeAnewHostsAreToldNothingAndThenAll() throws SQLException {
        tell(launched(0, 1, "10.0.0.1"), launched(1, 1, "10.0.0.2"), launched(2, 1, "10.0.0.3"));
        follow(host, 1);
        sql("DELETE FROM host_ruleset WHERE host_id = ?", host);
        sql("UPDATE member SET host_id = NULL WHERE account = ?", account);
        // Of a name that isn't there, so that the worker can't begin yet.
        sql("INSERT INTO awaited_rebuild VALUES (?)", "nothing " + account);
        int before = read(host).size();
        tell(launched(0, 2, "10.0.0.9"));
        problem(as("operator").get("/v1/rulesets/" + host).then(), 503, "Unavailable");
        problem(as("operator").post("/v1/rulesets/" + host + "/publication").then(), 503, "Unavailable");
        assertThat(publications.publishDue()).isZero();
        assertThat(read(host)).hasSize(before);

        sql("UPDATE awaited_rebuild SET name = 'attachments' WHERE name = ?", "nothing " + account);
        await().atMost(Duration.ofSeconds(60)).until(() -> read(host), records -> records.size() > before);
        FollowingHost followed = new FollowingHost();
        followed.take(read(host).getLast());
        assertThat(followed.types).containsExactly("ruleset.full");
        assertThat(followed.kernel.toString())
                .isEqualTo(asked(host).toString())
                .contains("10.0.0.9", "10.0.0.2", "10.0.0.3");
    }

    @Test
    void aRebuildOfWhatWasSpoiledMendsTheHosts() throws SQLException {
        tell(launched(0, 1, "10.0.0.1"), launched(1, 1, "10.0.0.2"));
        long version = follow(host, 1).version;
        sql("DELETE FROM member WHERE interface_id = ?", interfaceId(1));
        take(2, member(0, host, "10.0.0.9", defaultGroup));
        as("operator").post("/v1/projections/attachments/rebuild").then().statusCode(200);
        PaperKernel mended = asked(host);
        assertThat(mended.toString()).contains("10.0.0.2");
        await().atMost(Duration.ofSeconds(20)).until(() -> read(host), records -> last(records) > version + 1);
        FollowingHost followed = new FollowingHost();
        followed.version = version + 1;
        followed.take(read(host).getLast());
        assertThat(followed.types).containsExactly("ruleset.full");
        assertThat(followed.kernel.toString()).isEqualTo(mended.toString());
    }

    private ProducerRecord<String, byte[]> launched(int number, long version, String address) {
        return InstanceStories.event(
                version == 1 ? EventType.INSTANCE_REQUESTED : EventType.INSTANCE_MODIFIED,
                InstanceStories.instance(
                        instance(number),
                        version,
                        account,
                        "pending",
                        VPC,
                        host,
                        InstanceStories.networkInterface(
                                interfaceId(number), 0, List.of(address), List.of(), defaultGroup)),
                clock.epoch());
    }

    private String interfaceId(int number) {
        return ResourceKind.NETWORK_INTERFACE.derivedId(account, Integer.toString(number));
    }

    private void sql(String statement, String parameter) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement update = connection.prepareStatement(statement)) {
            update.setString(1, parameter);
            update.executeUpdate();
        }
    }

    @Test
    void manyAddressesTakeSeveralRecords() {
        String many = group("many");
        String server = group("server");
        allow(server, ALL, many);
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            addresses.add("2001:db8:1111:2222:3333:4444:5555:%x".formatted(i + 1));
        }
        take(
                1,
                new Member(
                        ResourceKind.NETWORK_INTERFACE.derivedId(account, "many"),
                        instance(1),
                        owner,
                        Region.DEFAULT,
                        VPC,
                        null,
                        addresses.stream().map(RulesetsTest::address).toList(),
                        List.of(many)));
        take(1, member(0, host, "10.0.0.1", server));
        FollowingHost followed = follow(host, 2);
        assertThat(followed.types).containsExactly("ruleset.full", "ruleset.full");
        assertThat(followed.kernel.toString()).isEqualTo(asked(host).toString()).contains(addresses.getLast());
    }

    @Test
    void changesAtOnceLeaveEveryHostWithWhatIsSo() throws Exception {
        long seed = 5;
        List<String> hosts = List.of(host, otherHost, ResourceKind.HOST.newId());
        List<String> ids = List.of(group("a"), group("b"), group("c"));
        try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                int instance = i;
                Random random = new Random(seed + i);
                all.add(pool.submit(() -> {
                    for (int version = 1; version <= 15; version++) {
                        String[] own =
                                ids.stream().filter(id -> random.nextBoolean()).toArray(String[]::new);
                        take(
                                version,
                                member(
                                        instance,
                                        hosts.get(random.nextInt(3)),
                                        "10.0.0." + (10 + random.nextInt(4)),
                                        own));
                    }
                }));
            }
            for (int i = 0; i < 2; i++) {
                Random random = new Random(seed + 100 + i);
                all.add(pool.submit(() -> {
                    List<List<String>> allowed = new ArrayList<>();
                    for (int step = 0; step < 15; step++) {
                        if (allowed.isEmpty() || random.nextInt(3) > 0) {
                            String id = ids.get(random.nextInt(3));
                            String ruleId = allow(id, random.nextBoolean() ? HTTP : ALL, ids.get(random.nextInt(3)));
                            if (ruleId != null) {
                                allowed.add(List.of(id, ruleId));
                            }
                        } else {
                            List<String> last = allowed.removeLast();
                            revoke(last.get(0), last.get(1));
                        }
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        for (String one : hosts) {
            long version =
                    Long.parseLong(as("operator").get("/v1/rulesets/" + one).header("Ruleset-Version"));
            FollowingHost followed = new FollowingHost();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> read(one), records -> last(records) >= version)
                    .forEach(followed::take);
            assertThat(followed.kernel.toString())
                    .as("seed " + seed + ", " + one)
                    .isEqualTo(asked(one).toString());
        }
    }

    private static long last(List<ConsumerRecord<String, byte[]>> records) {
        return records.isEmpty()
                ? 0
                : Long.parseLong(Objects.requireNonNull(
                        EventHeaders.text(records.getLast().headers(), CloudEventHeaders.AGGREGATE_VERSION)));
    }

    /** A host that has followed what it was told, once that is so much. */
    private FollowingHost follow(String hostId, int records) {
        FollowingHost followed = new FollowingHost();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> read(hostId), read -> read.size() >= records)
                .forEach(followed::take);
        assertThat(followed.chunksToCome).isZero();
        return followed;
    }

    private List<ConsumerRecord<String, byte[]>> read(String hostId) {
        List<ConsumerRecord<String, byte[]>> read = new ArrayList<>();
        try (Consumer<String, byte[]> consumer = kafka.lonelyConsumer()) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topic.FIREWALL_RULESETS.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (record.key().equals(hostId)) {
                        read.add(record);
                    }
                }
            }
        }
        return read;
    }

    private PaperKernel asked(String hostId) {
        String text = as("operator")
                .get("/v1/rulesets/" + hostId)
                .then()
                .statusCode(200)
                .extract()
                .asString();
        PaperKernel kernel = new PaperKernel();
        kernel.load(text.lines().toList());
        return kernel;
    }

    private String instance(int number) {
        return ResourceKind.INSTANCE.derivedId(account, Integer.toString(number));
    }

    @Test
    void whoChangesRulesWaitsForWhoMovesMembersAndNotForOthersWhoChangeRules() throws Exception {
        String web = group("web");
        Place place = new Place(owner, Region.DEFAULT);
        String rule = "{\"rules\": [{" + HTTP + ", \"peer\": {\"cidr\": \"10.0.%d.0/24\"}}]}";
        QuarkusTransaction.requiringNew().run(() -> {
            store.keepMembers(place, web);
            authorize(web, "ingress", rule.formatted(1)).statusCode(201);
        });
        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> waiting = QuarkusTransaction.requiringNew().call(() -> {
                store.takeTurns(List.of(place));
                Future<Integer> status = others.submit(() ->
                        authorize(web, "ingress", rule.formatted(2)).extract().statusCode());
                await().during(Duration.ofMillis(500)).until(() -> !status.isDone());
                return status;
            });
            assertThat(waiting.get()).isEqualTo(201);
        }
    }

    private Member member(int number, String hostId, String address, String... groupIds) {
        return new Member(
                interfaceId(number),
                instance(number),
                owner,
                Region.DEFAULT,
                VPC,
                hostId,
                List.of(address(address)),
                Arrays.asList(groupIds));
    }

    /** Tells of an instance; of the first that it is gone if there is no interface. */
    private void take(long version, Member... interfaces) {
        String id = interfaces.length == 0 ? instance(0) : interfaces[0].instanceId();
        QuarkusTransaction.requiringNew()
                .run(() -> members.take(List.of(new Told(id, owner, Region.DEFAULT, version, List.of(interfaces)))));
    }

    /** Lets the members of a group in. Answers the rule; null if there is such a one already. */
    private String allow(String groupId, String traffic, String peer) {
        ValidatableResponse answer = authorize(
                groupId, "ingress", "{\"rules\": [{" + traffic + ", \"peer\": {\"group\": \"" + peer + "\"}}]}");
        if (answer.extract().statusCode() == 409) {
            problem(answer, 409, "InvalidPermission.Duplicate");
            return null;
        }
        return answer.statusCode(201).extract().path("rules[0].ruleId");
    }

    private void revoke(String groupId, String ruleId) {
        delete("/v1/security-groups/" + groupId + "/ingress-rules/" + ruleId).statusCode(204);
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
