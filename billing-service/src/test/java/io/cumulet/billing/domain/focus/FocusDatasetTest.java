package io.cumulet.billing.domain.focus;

import static io.cumulet.billing.domain.focus.FocusColumn.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cumulet.billing.domain.billing.Bill;
import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.billing.domain.billing.RandomCharges;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.PaymentOption;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;

/** What FOCUS 1.2 asks of every dataset, asked of random ones. */
class FocusDatasetTest {

    private static final int ROUNDS = 8;
    private static final BigDecimal HUNDRED_MILLIONTH = new BigDecimal("0.00000001");

    /** Rows of a commitment are rounded one by one, to ten places. */
    private static final BigDecimal ROUNDED_ROW = new BigDecimal("0.0000000001");

    private final long seed = System.nanoTime();

    private interface Check {
        void of(Charges charges, List<FocusRow> rows, String seed);
    }

    private void forRandomDatasets(Check check) {
        for (int round = 0; round < ROUNDS; round++) {
            Charges charges = RandomCharges.of(seed + round).paidBy(RandomCharges.PAYER);
            check.of(
                    charges,
                    FocusSamples.dataset(charges).rows().toList(),
                    "RandomCharges.of(" + (seed + round) + "L)");
        }
    }

    @Test
    void billedCostsSumUpToTheBillAndEffectiveCostsToWhatItSaysOfThem() {
        forRandomDatasets((charges, rows, seed) -> {
            Bill bill = Bill.draft(charges, List.of(), null);
            assertThat(rows).as(seed).hasSize((int)
                    charges.charges().stream().mapToLong(Charge::hours).sum());
            assertThat(sum(rows, BILLED_COST))
                    .as(seed)
                    .isEqualByComparingTo(bill.totals().billed().usd());
            assertThat(sum(rows, EFFECTIVE_COST))
                    .as(seed)
                    .isEqualByComparingTo(bill.totals().effective().usd());
        });
    }

    @Test
    void whatIsUsedAndNotUsedOfACommitmentCostsItsFeesOfTheHours() {
        forRandomDatasets((charges, rows, seed) -> {
            Map<String, List<FocusRow>> byCommitment = new HashMap<>();
            for (FocusRow row : rows) {
                Object id = row.get(COMMITMENT_DISCOUNT_ID);
                if (id != null && "Usage".equals(row.get(CHARGE_CATEGORY))) {
                    byCommitment
                            .computeIfAbsent(id.toString(), of -> new ArrayList<>())
                            .add(row);
                }
            }
            assertThat(byCommitment).as(seed).isNotEmpty();
            byCommitment.forEach((id, used) -> {
                Set<Object> hours = new HashSet<>();
                used.forEach(row -> hours.add(row.get(CHARGE_PERIOD_START)));
                BigFraction paid = hourlyFee(commitment(charges, id)).multiply(hours.size());
                assertThat(sum(used, EFFECTIVE_COST))
                        .as("%s, %s", seed, id)
                        .isCloseTo(
                                Money.decimal(paid),
                                within(ROUNDED_ROW.multiply(BigDecimal.valueOf(used.size() + 1L))));
                assertThat(used).as("%s, %s", seed, id).allSatisfy(row -> {
                    assertThat(row.get(BILLED_COST)).isEqualTo(BigDecimal.ZERO);
                    assertThat(row.get(COMMITMENT_DISCOUNT_STATUS)).isIn("Used", "Unused");
                    assertThat(row.get(PRICING_CATEGORY)).isEqualTo("Committed");
                });
            });
        });
    }

    @Test
    void whatCommitsPaysInAdvanceAndCostsNothingItself() {
        forRandomDatasets((charges, rows, seed) -> assertThat(rows)
                .as(seed)
                .filteredOn(row -> "Purchase".equals(row.get(CHARGE_CATEGORY)))
                .isNotEmpty()
                .allSatisfy(row -> {
                    assertThat(row.get(EFFECTIVE_COST)).isEqualTo(BigDecimal.ZERO);
                    assertThat((BigDecimal) row.get(BILLED_COST)).isPositive();
                    assertThat(row.get(CHARGE_FREQUENCY)).isIn("One-Time", "Recurring");
                    assertThat(row.get(RESOURCE_ID)).isEqualTo(row.get(COMMITMENT_DISCOUNT_ID));
                    assertThat(row.get(COMMITMENT_DISCOUNT_STATUS)).isNull();
                    assertThat(row.get(CONSUMED_QUANTITY)).isNull();
                }));
    }

    @Test
    void noColumnIsNullThatMayNotBe() {
        forRandomDatasets((charges, rows, seed) -> {
            for (FocusRow row : rows) {
                for (FocusColumn column : FocusColumn.values()) {
                    if (!column.isNullable() || isNeeded(column, row)) {
                        assertThat(row.get(column))
                                .as("%s, %s", seed, column.id())
                                .isNotNull();
                    }
                }
                assertSame(seed, row, CONSUMED_QUANTITY, CONSUMED_UNIT);
                assertSame(seed, row, PRICING_QUANTITY, PRICING_UNIT);
                assertSame(seed, row, REGION_ID, REGION_NAME);
                assertSame(seed, row, RESOURCE_ID, RESOURCE_TYPE);
                assertSame(seed, row, COMMITMENT_DISCOUNT_ID, COMMITMENT_DISCOUNT_TYPE);
                assertSame(seed, row, COMMITMENT_DISCOUNT_ID, COMMITMENT_DISCOUNT_CATEGORY);
                assertSame(seed, row, COMMITMENT_DISCOUNT_ID, COMMITMENT_DISCOUNT_QUANTITY);
                assertSame(seed, row, COMMITMENT_DISCOUNT_ID, COMMITMENT_DISCOUNT_UNIT);
            }
        });
    }

    /** Of usage and purchases that are no corrections, and there are no others. */
    private static boolean isNeeded(FocusColumn column, FocusRow row) {
        return switch (column) {
            case LIST_UNIT_PRICE,
                    CONTRACTED_UNIT_PRICE,
                    PRICING_CATEGORY,
                    PRICING_QUANTITY,
                    SKU_ID,
                    SKU_PRICE_ID,
                    SKU_METER,
                    SUB_ACCOUNT_ID,
                    CHARGE_DESCRIPTION -> true;
            case CONSUMED_QUANTITY ->
                "Usage".equals(row.get(CHARGE_CATEGORY)) && !"Unused".equals(row.get(COMMITMENT_DISCOUNT_STATUS));
            default -> false;
        };
    }

    private static void assertSame(String seed, FocusRow row, FocusColumn one, FocusColumn other) {
        assertThat(row.get(one) == null).as("%s, %s", seed, one.id()).isEqualTo(row.get(other) == null);
    }

    @Test
    void listCostIsUnitPriceTimesQuantity() {
        forRandomDatasets((charges, rows, seed) -> assertThat(rows).as(seed).allSatisfy(row -> {
            BigDecimal product =
                    ((BigDecimal) row.get(LIST_UNIT_PRICE)).multiply((BigDecimal) row.get(PRICING_QUANTITY));
            assertThat(product).isCloseTo((BigDecimal) row.get(LIST_COST), within(HUNDRED_MILLIONTH));
            assertThat(row.get(CONTRACTED_COST)).isEqualTo(row.get(LIST_COST));
        }));
    }

    @Test
    void whatIsUsedAndLeftOfACommitmentInAnHourIsWhatWasBought() {
        forRandomDatasets((charges, rows, seed) -> {
            Map<List<Object>, BigDecimal> used = new HashMap<>();
            Map<Object, BigDecimal> bought = new HashMap<>();
            for (FocusRow row : rows) {
                Object id = row.get(COMMITMENT_DISCOUNT_ID);
                if (id == null) {
                    continue;
                }
                BigDecimal quantity = (BigDecimal) row.get(COMMITMENT_DISCOUNT_QUANTITY);
                if ("Usage".equals(row.get(CHARGE_CATEGORY))) {
                    used.merge(List.of(id, row.get(CHARGE_PERIOD_START)), quantity, BigDecimal::add);
                } else if ("Recurring".equals(row.get(CHARGE_FREQUENCY)) && isPaidHourByHour(charges, id)) {
                    bought.put(id, quantity);
                }
            }
            used.forEach((idAndHour, quantity) -> {
                BigDecimal eachHour = bought.get(idAndHour.getFirst());
                if (eachHour != null) {
                    assertThat(quantity)
                            .as("%s, %s", seed, idAndHour)
                            .isCloseTo(eachHour, within(new BigDecimal("0.00001")));
                }
            });
        });
    }

    @Test
    void anHourOfARowIsInsideTheMonthAndHasItsTags() {
        forRandomDatasets((charges, rows, seed) -> assertThat(rows).as(seed).allSatisfy(row -> {
            Instant start = (Instant) row.get(CHARGE_PERIOD_START);
            assertThat(RandomCharges.MONTH.contains(start)).isTrue();
            assertThat(Duration.between(start, (Instant) row.get(CHARGE_PERIOD_END)))
                    .hasHours(1);
            Object tags = row.get(TAGS);
            if (tags != null) {
                boolean isChanged = !start.isBefore(Instant.parse("2026-01-10T10:30:00Z"));
                assertThat(tags)
                        .isEqualTo(
                                isChanged
                                        ? Map.of("team", "blue\n")
                                        : Map.of("team", "red", "Name", "a \"quoted\", name"));
                assertThat(row.get(RESOURCE_NAME)).isEqualTo(isChanged ? null : "a \"quoted\", name");
            }
        }));
    }

    @Test
    void aCorrectionNamesItsInvoiceAndSaysWhatItIs() {
        Charge charge = RandomCharges.of(7).charges().getFirst();
        FocusRow row = new FocusDataset(
                        () -> Stream.of(new FocusCharge(charge, RandomCharges.MONTH, "invoice-1", true)),
                        FocusSamples.dataset(RandomCharges.of(7)).reference())
                .rows()
                .findFirst()
                .orElseThrow();

        assertThat(row.get(INVOICE_ID)).isEqualTo("invoice-1");
        assertThat(row.get(CHARGE_CLASS)).isEqualTo("Correction");
        // Sums of what differed have neither.
        assertThat(row.get(FocusColumn.LIST_UNIT_PRICE)).isNull();
        assertThat(row.get(FocusColumn.PRICING_QUANTITY)).isNull();
        assertThat(row.get(FocusColumn.BILLED_COST)).isNotNull();
    }

    private static boolean isPaidHourByHour(Charges charges, Object id) {
        Terms terms = commitment(charges, id.toString()).terms();
        return terms instanceof Terms.ReservedInstances || terms.paymentOption() == PaymentOption.NO_UPFRONT;
    }

    private static PurchasedCommitment commitment(Charges charges, String id) {
        return charges.charges().stream()
                .map(Charge::commitment)
                .filter(Objects::nonNull)
                .filter(commitment -> commitment.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static BigFraction hourlyFee(PurchasedCommitment commitment) {
        return commitment.terms() instanceof Terms.ReservedInstances terms
                ? terms.unitFees()
                        .hourly()
                        .add(terms.unitFees()
                                .spread()
                                .divide(commitment.agreedTerm().hours()))
                        .multiply(terms.count())
                : Objects.requireNonNull(commitment.terms().commitment()).exact();
    }

    private static BigDecimal sum(List<FocusRow> rows, FocusColumn column) {
        return rows.stream().map(row -> (BigDecimal) row.get(column)).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
