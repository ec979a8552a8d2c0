package io.cumulet.firewall.domain.evaluation;

import io.cumulet.firewall.domain.evaluation.World.GroupRules;
import io.cumulet.firewall.domain.traffic.Packet;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.firewall.domain.traffic.Transport;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * How fast packets are judged in process: 1,000 groups of 60 rules in each direction, 10,000 members with one to five of them.
 * Not a test: {@code deploy/bench/firewall} runs it. Figures are medians of five rounds after two to warm up.
 */
class EvaluationBench {

    private static final int GROUPS = 1_000;
    private static final int RULES = 60;
    private static final int MEMBERS = 10_000;
    private static final int PREFIX_LISTS = 50;
    private static final int PACKETS = 200_000;

    private static final int TIMES = 10;

    /** Time on a processor besides the clock's, as others may use the machine too. */
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Random random = new Random(7);
    private int rules;

    @Test
    void evaluations() throws Exception {
        World world = world();
        List<Packet> drawn = new ArrayList<>();
        for (int i = 0; i < PACKETS; i++) {
            drawn.add(packet());
        }
        Packet[] packets = drawn.toArray(Packet[]::new);
        List<Long> compiling = new ArrayList<>();
        Evaluator evaluator = new Evaluator(world);
        for (int i = 0; i < 7; i++) {
            long begin = System.nanoTime();
            evaluator = new Evaluator(world);
            compiling.add((System.nanoTime() - begin) / 1_000_000);
        }
        System.out.printf("compiling %,d rules: %d ms%n", rules, median(compiling.subList(2, 7)));
        Evaluator compiled = evaluator;
        System.out.printf("%.0f %% of the packets are allowed%n", 100.0 * judge(compiled, packets, 0) / PACKETS);
        for (int threads : List.of(1, 2)) {
            List<Long> rates = new ArrayList<>();
            List<Long> perCpuSecond = new ArrayList<>();
            try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
                for (int round = 0; round < 7; round++) {
                    long begin = System.nanoTime();
                    List<Future<Long>> all = new ArrayList<>();
                    for (int i = 0; i < threads; i++) {
                        int start = i * 7_919;
                        all.add(pool.submit(() -> {
                            long began = THREADS.getCurrentThreadCpuTime();
                            for (int times = 0; times < TIMES; times++) {
                                judge(compiled, packets, start);
                            }
                            return THREADS.getCurrentThreadCpuTime() - began;
                        }));
                    }
                    long cpu = 0;
                    for (Future<Long> one : all) {
                        cpu += one.get();
                    }
                    long count = (long) TIMES * threads * PACKETS;
                    rates.add(count * 1_000_000_000L / (System.nanoTime() - begin));
                    perCpuSecond.add(count * 1_000_000_000L / cpu);
                }
            }
            System.out.printf(
                    "%d thread(s): %,d evaluations/s, %,d for each second of a processor%n",
                    threads, median(rates.subList(2, 7)), median(perCpuSecond.subList(2, 7)));
        }
        latency(compiled, packets);
    }

    private static int judge(Evaluator evaluator, Packet[] packets, int start) {
        int allowed = 0;
        for (int i = 0; i < packets.length; i++) {
            if (evaluator.judge(packets[(start + i) % packets.length]) instanceof Verdict.Allowed) {
                allowed++;
            }
        }
        return allowed;
    }

    private static void latency(Evaluator evaluator, Packet[] packets) {
        long[] nanos = new long[packets.length];
        for (int i = 0; i < packets.length; i++) {
            long begin = System.nanoTime();
            evaluator.judge(packets[i]);
            nanos[i] = System.nanoTime() - begin;
        }
        Arrays.sort(nanos);
        System.out.printf(
                "one evaluation: p50 %d ns, p99 %d ns, p99.9 %d ns, longest %,d ns%n",
                nanos[nanos.length / 2],
                nanos[nanos.length * 99 / 100],
                nanos[(int) (nanos.length * 999L / 1000)],
                nanos[nanos.length - 1]);
    }

    private static long median(List<Long> figures) {
        return figures.stream().sorted().toList().get(figures.size() / 2);
    }

    private World world() {
        Map<String, List<Cidr>> lists = new LinkedHashMap<>();
        for (int i = 0; i < PREFIX_LISTS; i++) {
            List<Cidr> blocks = new ArrayList<>();
            boolean six = random.nextInt(3) == 0;
            for (int entry = 0; entry < 100; entry++) {
                blocks.add(block(six));
            }
            lists.put("pl-" + i, blocks);
        }
        Map<String, GroupRules> groups = new LinkedHashMap<>();
        for (int i = 0; i < GROUPS; i++) {
            groups.put("sg-" + i, new GroupRules(rules(), rules()));
        }
        List<World.Member> members = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            Set<String> own = new LinkedHashSet<>();
            for (int count = 1 + random.nextInt(5); own.size() < count; ) {
                own.add("sg-" + random.nextInt(GROUPS));
            }
            members.add(new World.Member("i-" + i, List.of(member(i, false), member(i, true)), own));
        }
        return new World(groups, members, lists);
    }

    private static IpAddress member(int number, boolean six) {
        return address(six ? "fd00::%x".formatted(number + 1) : "10.0." + number / 250 + "." + (1 + number % 250));
    }

    private List<Rule> rules() {
        List<Rule> all = new ArrayList<>();
        for (int i = 0; i < RULES; i++) {
            all.add(new Rule("sgr-" + rules++, traffic(), peer(), null));
        }
        return all;
    }

    /** Mostly single ports of TCP, as people's groups are. */
    private Traffic traffic() {
        return switch (random.nextInt(20)) {
            case 0 -> new Traffic.Icmp(IpFamily.IPV4, 8, Traffic.ANY);
            case 1 -> new Traffic.Icmp(IpFamily.IPV6, 128, Traffic.ANY);
            case 2 -> new Traffic.Number(47);
            case 3, 4, 5, 6 -> ports(Transport.UDP);
            default -> ports(Transport.TCP);
        };
    }

    private Traffic ports(Transport transport) {
        int from = port();
        return new Traffic.Ports(transport, from, random.nextInt(4) == 0 ? Math.min(65_535, from + 1_000) : from);
    }

    private int port() {
        return random.nextBoolean()
                ? List.of(22, 53, 80, 443, 3306, 5432, 6379, 8080, 8443, 9092).get(random.nextInt(10))
                : 1 + random.nextInt(65_000);
    }

    private Peer peer() {
        return switch (random.nextInt(4)) {
            case 0 -> new Peer.OfGroup("sg-" + random.nextInt(GROUPS));
            case 1 -> new Peer.OfPrefixList("pl-" + random.nextInt(PREFIX_LISTS));
            default -> new Peer.OfBlock(block(random.nextInt(3) == 0));
        };
    }

    private Cidr block(boolean six) {
        return Cidr.parse(anywhere(six) + "/" + (six ? 32 + random.nextInt(97) : 8 + random.nextInt(25)))
                .orElseThrow();
    }

    private IpAddress anywhere(boolean six) {
        if (random.nextBoolean()) {
            return member(random.nextInt(MEMBERS), six);
        }
        return six
                ? address("2001:db8:%x::%x".formatted(random.nextInt(200), 1 + random.nextInt(200)))
                : address((11 + random.nextInt(200)) + ".0." + random.nextInt(200) + "." + random.nextInt(200));
    }

    private Packet packet() {
        boolean six = random.nextInt(3) == 0;
        IpAddress source = anywhere(six);
        IpAddress destination = anywhere(six);
        return switch (random.nextInt(10)) {
            case 0 -> Packet.icmp(source, destination, six ? 58 : 1, six ? 128 : 8, 0);
            case 1 -> Packet.ofProtocol(source, destination, 47);
            case 2, 3 -> Packet.toPort(source, destination, Transport.UDP, port());
            default -> Packet.toPort(source, destination, Transport.TCP, port());
        };
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
