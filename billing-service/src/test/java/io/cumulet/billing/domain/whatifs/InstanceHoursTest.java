package io.cumulet.billing.domain.whatifs;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.billing.domain.whatifs.InstanceHours.Limit;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Tenancy;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class InstanceHoursTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final MeteredThing THING = new MeteredThing(
            new AccountId("123456789012"),
            new AvailabilityZone("us-east-1a"),
            new InstanceType("m5.large"),
            OperatingSystem.LINUX,
            Tenancy.DEFAULT,
            Market.ON_DEMAND,
            null);

    private record Row(Instant at, BigDecimal seconds) {}

    /** Whatever the order of rows, and however often an hour is cut into several: each hour has the seconds it had. */
    @Test
    void hoursKeepTheirSecondsInAnyOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            TreeMap<Long, Long> expected = new TreeMap<>();
            List<Row> rows = new ArrayList<>();
            for (long hour = 0; hour < 200; hour++) {
                if (random.nextInt(5) > 0) {
                    long seconds = random.nextInt(3) > 0 ? 3_600 : 1 + random.nextInt(9_000);
                    expected.put(hour, seconds);
                    BigDecimal first = BigDecimal.valueOf(seconds)
                            .multiply(BigDecimal.valueOf(random.nextInt(100)))
                            .movePointLeft(2);
                    Instant at = START.plusSeconds(hour * 3_600);
                    rows.add(new Row(at, first));
                    rows.add(new Row(
                            at.plusSeconds(random.nextInt(3_600)),
                            BigDecimal.valueOf(seconds).subtract(first)));
                }
            }
            Collections.shuffle(rows, random);
            InstanceHours hours = new InstanceHours();
            rows.forEach(row -> hours.add("i-1", THING, row.at(), row.seconds()));

            TreeMap<Long, Long> merged = new TreeMap<>();
            for (UsageRun run : hours.runs().orElseThrow()) {
                for (long at = run.startedAt().getEpochSecond();
                        at < run.end().at().getEpochSecond(); ) {
                    long hour = Math.floorDiv(at - START.getEpochSecond(), 3_600L);
                    long until = Math.min(
                            START.getEpochSecond() + (hour + 1) * 3_600,
                            run.end().at().getEpochSecond());
                    merged.merge(hour, until - at, Long::sum);
                    at = until;
                }
            }
            assertThat(merged).as("seed %d, round %d", seed, round).isEqualTo(expected);
        }
    }

    @Test
    void aRunGoesOnIntoTheNextHourAndMoreThanAnHourIsASecondInstance() {
        InstanceHours hours = new InstanceHours();
        hours.add("i-1", THING, START, new BigDecimal("2400"));
        hours.add("i-1", THING, START.plusSeconds(3_600), new BigDecimal("3600"));
        hours.add("i-1", THING, START.plusSeconds(7_200), new BigDecimal("4600"));

        assertThat(hours.runs().orElseThrow())
                .extracting(run -> run.instanceId() + " " + run.startedAt() + " "
                        + run.end().seconds())
                .containsExactly("i-1 2026-01-01T00:20:00Z 9600", "i-1#2 2026-01-01T02:00:00Z 1000");
        assertThat(hours.period()).contains(new Interval(START, START.plusSeconds(10_800)));
    }

    @Test
    void whatWouldPassALimitIsNotAdded() {
        InstanceHours hours = new InstanceHours();
        assertThat(hours.add("i-1", THING, START, BigDecimal.TEN)).isEmpty();
        Interval period = hours.period().orElseThrow();

        assertThat(hours.add("i-1", THING, START, new BigDecimal("1e40"))).contains(Limit.AT_ONCE);
        assertThat(hours.add("i-1", THING, START.minus(Duration.ofDays(366)), BigDecimal.ZERO))
                .contains(Limit.DAYS);
        assertThat(hours.add("i-1", THING, Instant.MAX, BigDecimal.ONE)).contains(Limit.DAYS);
        assertThat(hours.period()).contains(period);
        assertThat(hours.runs().orElseThrow())
                .extracting(run -> run.end().seconds())
                .containsExactly(10L);

        assertThat(hours.add("i-1", THING, START.plus(Duration.ofDays(366)).minusSeconds(1), BigDecimal.ONE))
                .isEmpty();
        assertThat(hours.add("i-1", THING, START.minusSeconds(1), BigDecimal.ONE))
                .contains(Limit.DAYS);
    }

    @Test
    void instancesAreCountedOnce() {
        InstanceHours hours = new InstanceHours();
        for (int i = 0; i < InstanceHours.MOST_INSTANCES; i++) {
            assertThat(hours.add("i-" + i, THING, START, BigDecimal.ONE)).isEmpty();
        }

        assertThat(hours.add("i-0", THING, START, BigDecimal.ONE)).isEmpty();
        assertThat(hours.add("another", THING, START, BigDecimal.ONE)).contains(Limit.INSTANCES);
    }

    @Test
    void instanceHoursAreCountedOnceHoweverManyRowsTheyComeIn() {
        InstanceHours hours = new InstanceHours();
        int full = InstanceHours.MOST_HOURS / InstanceHours.MOST_AT_ONCE;
        BigDecimal half = BigDecimal.valueOf(InstanceHours.MOST_AT_ONCE * 1_800L);
        for (int row = 0; row < 2 * full; row++) {
            assertThat(hours.add("i-1", THING, hour(row / 2), half)).isEmpty();
        }

        assertThat(hours.add("i-1", THING, hour(full), BigDecimal.ONE)).contains(Limit.HOURS);
        assertThat(hours.add("i-1", THING, hour(0), BigDecimal.ONE)).contains(Limit.AT_ONCE);
    }

    @Test
    void anHourIsNoPartAnyMoreWhenItsOtherPartCame() {
        InstanceHours hours = new InstanceHours();
        BigDecimal half = BigDecimal.valueOf(1_800);
        for (int part = 0; part < InstanceHours.MOST_PARTS; part++) {
            hours.add("i-" + part % 100, THING, hour(part / 100), half);
        }

        assertThat(hours.add("another", THING, START, half)).contains(Limit.PARTS);
        assertThat(hours.add("i-0", THING, START, half)).isEmpty();
        assertThat(hours.add("another", THING, START, half)).isEmpty();
    }

    @Test
    void moreRunsThanCanBeRatedAreNone() {
        InstanceHours hours = new InstanceHours();
        BigDecimal all = BigDecimal.valueOf(InstanceHours.MOST_AT_ONCE * 3_600L);
        int stretches = InstanceHours.MOST_RUNS / InstanceHours.MOST_AT_ONCE;
        for (int stretch = 0; stretch < stretches; stretch++) {
            hours.add("i-1", THING, hour(2 * stretch), all);
        }
        assertThat(hours.runs().orElseThrow()).hasSize(InstanceHours.MOST_RUNS);

        hours.add("i-1", THING, hour(2 * stretches), all);

        assertThat(hours.runs()).isEmpty();
    }

    private static Instant hour(int number) {
        return START.plus(Duration.ofHours(number));
    }
}
