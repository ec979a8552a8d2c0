package io.cumulet.bench;

import io.cumulet.bench.AwsConnection.Answer;
import io.cumulet.bench.AwsConnection.Key;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** What EC2 clients do, against anything that speaks EC2. */
final class AwsLoad {

    /** A default subnet has room for 4,091 instances, a region has six zones; the first fills before the next. */
    private static final int LAUNCHES_FOR_EACH_ACCOUNT = 8_000;
    /** EC2 takes 60 rules in each direction. */
    private static final int RULES_IN_A_GROUP = 50;

    private static final List<String> ZONES = List.of("us-east-1a", "us-east-1b", "us-east-1c");
    static final int SAME_TAG = 10;

    private final URI endpoint;
    private final Accounts accounts;
    private final String image;

    /** Makes accounts that have nothing yet. */
    @FunctionalInterface
    interface Accounts {
        Key make() throws IOException, InterruptedException;
    }

    /** What a load did. */
    record Load(double seconds, long done, Histogram latencyMicros, Map<String, Long> errors) {

        double perSecond() {
            return done / seconds;
        }

        long failed() {
            return errors.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    AwsLoad(URI endpoint, Accounts accounts) throws IOException, InterruptedException {
        this.endpoint = endpoint;
        this.accounts = accounts;
        try (AwsConnection connection = new AwsConnection(endpoint, accounts.make())) {
            this.image = linuxImage(connection
                    .call("Action=DescribeImages&Filter.1.Name=architecture"
                            + "&Filter.1.Value.1=x86_64&Filter.2.Name=is-public&Filter.2.Value.1=true")
                    .expectOk()
                    .body());
        }
    }

    private static String linuxImage(String images) throws IOException {
        for (String one : images.split("<imageId>", -1)) {
            if (one.startsWith("ami-") && !one.contains("<platform>windows")) {
                return one.substring(0, one.indexOf('<'));
            }
        }
        throw new IOException("There is no public image with Linux");
    }

    private String launch(int count) {
        return "Action=RunInstances&ImageId=" + image + "&InstanceType=t2.micro&MinCount=" + count + "&MaxCount="
                + count;
    }

    /** One request of a client. */
    @FunctionalInterface
    private interface Request {
        Answer send(AwsConnection connection) throws IOException;
    }

    /** Each client sends the next request once the one before is answered. */
    private Load closedLoop(int clients, int seconds, Key key, Request request) throws InterruptedException {
        ConcurrentHistogram latency = new ConcurrentHistogram(TimeUnit.MINUTES.toMicros(2), 3);
        Map<String, LongAdder> errors = new ConcurrentHashMap<>();
        LongAdder done = new LongAdder();
        long start = System.nanoTime();
        long end = start + TimeUnit.SECONDS.toNanos(seconds);
        try (ExecutorService pool = Executors.newFixedThreadPool(clients)) {
            for (int client = 0; client < clients; client++) {
                pool.execute(() -> {
                    try (AwsConnection connection = new AwsConnection(endpoint, key)) {
                        while (System.nanoTime() < end) {
                            long begun = System.nanoTime();
                            try {
                                request.send(connection).expectOk();
                                done.increment();
                                latency.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun));
                            } catch (IOException e) {
                                errors.computeIfAbsent(String.valueOf(e.getMessage()), unused -> new LongAdder())
                                        .increment();
                            }
                        }
                    } catch (IOException e) {
                        // It was closed already.
                    }
                });
            }
        }
        double took = (System.nanoTime() - start) / 1e9;
        Map<String, Long> counted = new TreeMap<>();
        errors.forEach((error, count) -> counted.put(error, count.sum()));
        return new Load(took, done.sum(), latency, counted);
    }

    /** Launches of one t2.micro each, in accounts of their own. */
    Load launches(int clients, int seconds) throws IOException, InterruptedException {
        List<Key> keys = new ArrayList<>();
        // For more than any machine of two cores does; an account's first call makes its default network.
        for (int i = 0; i <= 2_000 * seconds / LAUNCHES_FOR_EACH_ACCOUNT; i++) {
            Key key = accounts.make();
            keys.add(key);
            try (AwsConnection connection = new AwsConnection(endpoint, key)) {
                connection.call(launch(1)).expectOk();
            }
        }
        AtomicInteger launched = new AtomicInteger();
        String launch = launch(1);
        return closedLoop(clients, seconds, keys.getFirst(), connection -> {
            int account = launched.getAndIncrement() / LAUNCHES_FOR_EACH_ACCOUNT;
            connection.as(keys.get(Math.min(account, keys.size() - 1)));
            return connection.call(launch);
        });
    }

    /** An account with many instances. */
    record Filled(Key key, List<String> instanceIds, int tags) {}

    private static final Pattern INSTANCE_ID = Pattern.compile("<instanceId>(i-[0-9a-f]+)<");

    /** So many instances in one account, always ten with the same tag. */
    Filled fill(int count) throws IOException, InterruptedException {
        Key key = accounts.make();
        ConcurrentLinkedQueue<String> ids = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<IOException> failures = new ConcurrentLinkedQueue<>();
        int launches = count / SAME_TAG;
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            for (int client = 0; client < 4; client++) {
                pool.execute(() -> {
                    try (AwsConnection connection = new AwsConnection(endpoint, key)) {
                        for (int i = next.getAndIncrement(); i < launches; i = next.getAndIncrement()) {
                            Answer answer = connection.call(launch(SAME_TAG) + "&Placement.AvailabilityZone="
                                    + ZONES.get(i % ZONES.size()) + "&TagSpecification.1.ResourceType=instance"
                                    + "&TagSpecification.1.Tag.1.Key=batch&TagSpecification.1.Tag.1.Value=b" + i);
                            Matcher found =
                                    INSTANCE_ID.matcher(answer.expectOk().body());
                            while (found.find()) {
                                ids.add(found.group(1));
                            }
                        }
                    } catch (IOException e) {
                        failures.add(e);
                    }
                });
            }
        }
        if (!failures.isEmpty()) {
            throw new IOException("Filling failed: " + failures.peek().getMessage(), failures.peek());
        }
        return new Filled(key, List.copyOf(ids), launches);
    }

    Load byId(Filled filled, int seconds) throws InterruptedException {
        return closedLoop(
                1,
                seconds,
                filled.key(),
                connection -> connection.call("Action=DescribeInstances&InstanceId.1="
                        + filled.instanceIds()
                                .get(ThreadLocalRandom.current()
                                        .nextInt(filled.instanceIds().size()))));
    }

    Load byTag(Filled filled, int seconds) throws InterruptedException {
        return closedLoop(
                1,
                seconds,
                filled.key(),
                connection -> connection.call("Action=DescribeInstances&Filter.1.Name=tag%3Abatch&Filter.1.Value.1=b"
                        + ThreadLocalRandom.current().nextInt(filled.tags())));
    }

    Load firstPage(Filled filled, int seconds) throws InterruptedException {
        return closedLoop(
                1, seconds, filled.key(), connection -> connection.call("Action=DescribeInstances&MaxResults=100"));
    }

    /** Rules of one port each, one with each call, into groups that are made between. */
    Load rules(int clients, int seconds) throws IOException, InterruptedException {
        Key key = accounts.make();
        try (AwsConnection connection = new AwsConnection(endpoint, key)) {
            connection.call("Action=DescribeVpcs").expectOk();
        }
        AtomicInteger named = new AtomicInteger();
        ThreadLocal<int[]> rules = ThreadLocal.withInitial(() -> new int[1]);
        ThreadLocal<String[]> group = ThreadLocal.withInitial(() -> new String[] {""});
        return closedLoop(clients, seconds, key, connection -> {
            int number = rules.get()[0]++;
            if (number % RULES_IN_A_GROUP == 0) {
                group.get()[0] = connection
                        .call("Action=CreateSecurityGroup&GroupName=g" + named.getAndIncrement()
                                + "&GroupDescription=bench")
                        .expectOk()
                        .text("groupId");
            }
            return connection.call("Action=AuthorizeSecurityGroupIngress&GroupId=" + group.get()[0]
                    + "&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=" + (1000 + number % RULES_IN_A_GROUP)
                    + "&IpPermissions.1.ToPort=" + (1000 + number % RULES_IN_A_GROUP)
                    + "&IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0%2F8");
        });
    }
}
