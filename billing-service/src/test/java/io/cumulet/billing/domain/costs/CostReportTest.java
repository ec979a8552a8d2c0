package io.cumulet.billing.domain.costs;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.billing.domain.billing.Bill;
import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.billing.domain.billing.RandomCharges;
import io.cumulet.billing.domain.costs.Condition.Matches;
import io.cumulet.billing.domain.costs.CostReport.Sum;
import io.cumulet.billing.domain.costs.Dimension.Attribute;
import io.cumulet.billing.domain.costs.Dimension.Tag;
import io.cumulet.billing.domain.metering.TagChange;
import io.cumulet.billing.domain.metering.TagHistory;
import io.cumulet.billing.domain.rating.RatedRow;
import io.cumulet.kernel.Interval;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CostReportTest {

    private static final Map<String, TagHistory> NO_TAGS = Map.of();

    /** Cut with arithmetic or added up row by row: the same. */
    @Test
    void aReportSaysWhatItsRowsSayOneByOne() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 12; round++) {
            Charges charges = Scope.CONSOLIDATED.of(RandomCharges.of(seed + round), RandomCharges.PAYER);
            Map<String, TagHistory> tags = randomTags(charges, random);
            CostQuery query = new CostQuery(
                    RandomCharges.MONTH,
                    Granularity.values()[round % 3],
                    List.of(new Tag("team"), Attribute.ACCOUNT, Attribute.PURCHASE_OPTION),
                    Condition.NONE);

            Report<Sum> report = CostReport.of(charges.charges(), query, tagsOf(tags));

            Map<List<Object>, Sum> rows = rowByRow(charges, query, tags);
            assertThat(flat(report)).as("seed %d, round %d", seed, round).isEqualTo(plain(rows));
            assertThat(report.totals().costs())
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(Bill.draft(charges, List.of(), null).totals());
        }
    }

    @Test
    void periodsAreDaysOfUtcAndTheFirstAndLastMayBeShort() {
        Interval period = new Interval(Instant.parse("2026-01-01T22:00:00Z"), Instant.parse("2026-03-01T01:00:00Z"));

        assertThat(Granularity.MONTHLY.periods(period))
                .containsExactly(
                        new Interval(period.from(), Instant.parse("2026-02-01T00:00:00Z")),
                        new Interval(Instant.parse("2026-02-01T00:00:00Z"), Instant.parse("2026-03-01T00:00:00Z")),
                        new Interval(Instant.parse("2026-03-01T00:00:00Z"), period.until()));
        assertThat(Granularity.DAILY.periods(period)).hasSize(60);
        assertThat(Granularity.HOURLY.periods(period).getFirst().until())
                .isEqualTo(Instant.parse("2026-01-01T23:00:00Z"));
    }

    @Test
    void filtersLeaveOutWhatIsOfAnotherRegionOrAccount() {
        Charges charges = RandomCharges.of(42);
        CostQuery query = new CostQuery(
                RandomCharges.MONTH,
                Granularity.MONTHLY,
                List.of(Attribute.ACCOUNT, Attribute.REGION),
                new Condition.All(List.of(
                        Matches.equal(Attribute.REGION, "us-east-1"),
                        Matches.equal(Attribute.ACCOUNT, RandomCharges.MEMBER.value()))));

        Report<Sum> report = CostReport.of(charges.charges(), query, tagsOf(NO_TAGS));

        assertThat(report.periods().getFirst().groups())
                .extracting(Report.Group::keys)
                .containsExactly(List.of("222222222222", "us-east-1"));
    }

    private static Function<String, TagHistory> tagsOf(Map<String, TagHistory> tags) {
        return id -> tags.getOrDefault(id, TagHistory.NONE);
    }

    private static Map<String, TagHistory> randomTags(Charges charges, Random random) {
        Map<String, TagHistory> tags = new HashMap<>();
        for (Charge charge : charges.charges()) {
            if (charge.thing() != null) {
                tags.computeIfAbsent(charge.resourceId(), id -> {
                    List<TagChange> changes = new ArrayList<>();
                    Instant at = RandomCharges.MONTH.from();
                    for (int version = 1; version < 5; version++) {
                        at = at.plusMillis(random.nextInt(6 * 86_400_000));
                        changes.add(new TagChange(id, version, at, Map.of("team", "t" + random.nextInt(3))));
                    }
                    return new TagHistory(changes);
                });
            }
        }
        return tags;
    }

    private static Map<List<Object>, Sum> rowByRow(Charges charges, CostQuery query, Map<String, TagHistory> tags) {
        List<Interval> periods = query.granularity().periods(query.period());
        Map<List<Object>, Sum> sums = new HashMap<>();
        for (Charge charge : charges.charges()) {
            for (long hour = 0; hour < charge.hours(); hour++) {
                RatedRow row = charge.segment().row(hour);
                List<Object> key = new ArrayList<>();
                key.add(periods.stream()
                        .filter(period -> period.contains(row.chargePeriodStart()))
                        .findFirst()
                        .orElseThrow()
                        .from());
                Map<String, String> inForce = charge.thing() == null
                        ? Map.of()
                        : tags.get(charge.resourceId()).at(row.chargePeriodStart());
                query.groupBy().forEach(dimension -> key.add(dimension.of(charge, inForce)));
                sums.merge(key, Sum.of(charge, 1), Sum::plus);
            }
        }
        return sums;
    }

    private static Map<List<Object>, List<Object>> flat(Report<Sum> report) {
        Map<List<Object>, Sum> sums = new HashMap<>();
        report.periods()
                .forEach(period -> period.groups().forEach(group -> {
                    List<Object> key = new ArrayList<>();
                    key.add(period.interval().from());
                    key.addAll(group.keys());
                    sums.put(key, group.sum());
                }));
        return plain(sums);
    }

    private static Map<List<Object>, List<Object>> plain(Map<List<Object>, Sum> sums) {
        Map<List<Object>, List<Object>> plain = new HashMap<>();
        sums.forEach((key, sum) -> plain.put(key, List.of(sum.costs(), stripped(sum.seconds()))));
        return plain;
    }

    private static BigDecimal stripped(BigDecimal seconds) {
        return seconds.signum() == 0 ? BigDecimal.ZERO : seconds.stripTrailingZeros();
    }
}
