package io.cumulet.billing.domain.whatifs;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Tenancy;
import java.math.BigDecimal;
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
            for (UsageRun run : hours.runs()) {
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

        assertThat(hours.runs())
                .extracting(run -> run.instanceId() + " " + run.startedAt() + " "
                        + run.end().seconds())
                .containsExactly("i-1 2026-01-01T00:20:00Z 9600", "i-1#2 2026-01-01T02:00:00Z 1000");
        assertThat(hours.period()).contains(new Interval(START, START.plusSeconds(10_800)));
    }
}
