package io.cumulet.firewall;

import io.cumulet.contract.CloudEventHeaders;
import io.cumulet.contract.EventType;
import io.cumulet.contract.Topic;
import io.cumulet.firewall.app.MemberStore.Told;
import io.cumulet.firewall.app.Members;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.outbox.EventHeaders;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/**
 * How long a change of who is in a group takes to reach {@code firewall.rulesets}: 10,000 instances on 500 hosts, each of which
 * has rules that name the group. And what an evaluation takes over REST. On real Kafka and PostgreSQL in this process. Not a
 * test: {@code deploy/bench/firewall} runs it.
 */
@QuarkusTest
class RulesetsBench extends FirewallStack {

    private static final int HOSTS = 500;
    private static final int INSTANCES = 10_000;

    @Inject
    Members members;

    private final AccountId owner = new AccountId(account);

    private String group = "";

    @Test
    void aChangeAmongTenThousandReachesTheTopic() {
        get("/v1/security-groups/" + defaultGroup).statusCode(200);
        group = group("web");
        // Everybody has the default group; its rule names it, so that every host has to know every address.
        long begin = System.nanoTime();
        for (int i = 0; i < INSTANCES; i += 500) {
            List<Told> batch = new ArrayList<>();
            for (int j = i; j < i + 500; j++) {
                batch.add(told(j, 1, address(j)));
            }
            take(batch);
        }
        System.out.printf(
                "%,d instances joined on %d hosts, 500 at once: %,d ms%n", INSTANCES, HOSTS, millisSince(begin));
        try (Consumer<String, byte[]> consumer = kafka.lonelyConsumer()) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topic.FIREWALL_RULESETS.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            awaitQuiet(consumer);
            List<Long> first = new ArrayList<>();
            List<Long> last = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Told news = told(i, 2, "10.200.0." + (i + 1));
                long start = System.nanoTime();
                // As the intake does it, and through its topic.
                producer.send(InstanceStories.event(EventType.INSTANCE_MODIFIED, snapshot(news), clock.epoch()));
                List<Long> times = awaitAll(consumer, "10.200.0." + (i + 1) + " ", start);
                if (i >= 10) {
                    first.add(times.getFirst());
                    last.add(times.getLast());
                }
            }
            report("a member's address changed: first host told", first);
            report("                             all 500 told", last);
        }
    }

    private void evaluations(int packets, int times) {
        StringBuilder body = new StringBuilder("{\"packets\": [");
        for (int i = 0; i < packets; i++) {
            body.append(i == 0 ? "" : ",")
                    .append("{\"source\": \"")
                    .append(address(100 + i % 5_000))
                    .append("\", \"destination\": \"")
                    .append(address(6_000 + i % 3_000))
                    .append("\", \"protocol\": \"tcp\", \"destinationPort\": 443}");
        }
        String text = body.append("]}").toString();
        List<Long> micros = new ArrayList<>();
        var client = java.net.http.HttpClient.newHttpClient();
        var request = java.net.http.HttpRequest.newBuilder(java.net.URI.create(
                        io.restassured.RestAssured.baseURI + ":" + io.restassured.RestAssured.port + "/v1/evaluations"))
                .header("Authorization", "Bearer " + account)
                .header("Content-Type", "application/json")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(text))
                .build();
        try {
            for (int i = 0; i < times; i++) {
                long begin = System.nanoTime();
                var answer = client.send(request, java.net.http.HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != 200 || answer.body().contains("false")) {
                    throw new IllegalStateException(answer.body());
                }
                if (i >= times / 4) {
                    micros.add((System.nanoTime() - begin) / 1_000);
                }
            }
        } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        micros.sort(null);
        System.out.printf(
                "%,d packet(s) over REST: p50 %,d us, p99 %,d us%n",
                packets, micros.get(micros.size() / 2), micros.get(micros.size() * 99 / 100));
    }

    @Test
    void evaluationsOverRest() {
        get("/v1/security-groups/" + defaultGroup).statusCode(200);
        List<Told> all = new ArrayList<>();
        for (int i = 0; i < INSTANCES; i++) {
            Told told = told(i, 1, address(i));
            all.add(new Told(
                    told.instanceId(), owner, Region.DEFAULT, 1, List.of(member(i, null, address(i), defaultGroup))));
        }
        take(all);
        evaluations(1, 8_000);
        evaluations(10_000, 40);
    }

    private static void report(String what, List<Long> millis) {
        List<Long> sorted = millis.stream().sorted().toList();
        System.out.printf(
                "%s after: median %d ms, p90 %d ms, longest %d ms%n",
                what, sorted.get(sorted.size() / 2), sorted.get(sorted.size() * 9 / 10), sorted.getLast());
    }

    private static long millisSince(long begin) {
        return (System.nanoTime() - begin) / 1_000_000;
    }

    private static void awaitQuiet(Consumer<String, byte[]> consumer) {
        consumer.seekToEnd(consumer.assignment());
        int quiet = 0;
        while (quiet < 5) {
            quiet = consumer.poll(Duration.ofMillis(500)).isEmpty() ? quiet + 1 : 0;
        }
    }

    /** When the first and the last of all hosts was told of an address, in milliseconds. */
    private static List<Long> awaitAll(Consumer<String, byte[]> consumer, String address, long start) {
        Set<String> hosts = new HashSet<>();
        long first = 0;
        while (hosts.size() < HOSTS) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                if ("ruleset.changed".equals(EventHeaders.text(record.headers(), CloudEventHeaders.TYPE))
                        && new String(record.value(), java.nio.charset.StandardCharsets.UTF_8).contains(address)) {
                    hosts.add(record.key());
                    first = first == 0 ? millisSince(start) : first;
                }
            }
        }
        return List.of(first, millisSince(start));
    }

    private void take(List<Told> news) {
        QuarkusTransaction.requiringNew().timeout(120).run(() -> members.take(news));
    }

    private static String address(int number) {
        return "10.0." + number / 250 + "." + (1 + number % 250);
    }

    private Told told(int number, long version, String address) {
        return new Told(
                ResourceKind.INSTANCE.derivedId(account, Integer.toString(number)),
                owner,
                Region.DEFAULT,
                version,
                List.of(member(
                        number,
                        ResourceKind.HOST.derivedId(account, Integer.toString(number % HOSTS)),
                        address,
                        defaultGroup,
                        group)));
    }

    private Member member(int number, String hostId, String address, String... groupIds) {
        return new Member(
                ResourceKind.NETWORK_INTERFACE.derivedId(account, Integer.toString(number)),
                ResourceKind.INSTANCE.derivedId(account, Integer.toString(number)),
                owner,
                Region.DEFAULT,
                "vpc-0123456789abcdef0",
                hostId,
                List.of(IpAddress.parse(address).orElseThrow()),
                Arrays.asList(groupIds));
    }

    private io.cumulet.contract.InstanceSnapshot snapshot(Told told) {
        Member member = told.members().getFirst();
        return InstanceStories.instance(
                told.instanceId(),
                told.version(),
                account,
                "running",
                member.vpcId(),
                member.hostId(),
                new io.cumulet.contract.InstanceSnapshot.Interface[] {
                    InstanceStories.networkInterface(
                            member.interfaceId(),
                            0,
                            List.of(member.addresses().getFirst().toString()),
                            List.of(),
                            member.groupIds().toArray(String[]::new))
                });
    }
}
