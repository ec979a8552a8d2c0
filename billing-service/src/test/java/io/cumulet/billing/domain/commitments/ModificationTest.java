package io.cumulet.billing.domain.commitments;

import static io.cumulet.billing.domain.commitments.Reserved.START;
import static io.cumulet.billing.domain.commitments.Reserved.ZONE;
import static io.cumulet.billing.domain.commitments.Reserved.billedCost;
import static io.cumulet.billing.domain.commitments.Reserved.effectiveCost;
import static io.cumulet.billing.domain.commitments.Reserved.ids;
import static io.cumulet.billing.domain.commitments.Reserved.refusal;
import static io.cumulet.billing.domain.commitments.Reserved.standard;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.cumulet.billing.domain.commitments.Modification.Target;
import io.cumulet.billing.domain.commitments.PurchasedCommitment.Reason;
import io.cumulet.billing.domain.commitments.PurchasedCommitment.State;
import io.cumulet.billing.domain.rating.Fees;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.PaymentOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModificationTest {

    /** A quarter of the year is over with the hour that it is in: 2,190 hours of 8,760. */
    private static final Instant QUARTER = START.plus(Duration.ofHours(2_190)).plusSeconds(600);

    private static final Instant HOUR = Instant.parse("2026-04-02T16:00:00Z");

    @Test
    void fromTheStartOfTheHourOthersTakeThePlaceAndCostTheSame() {
        PurchasedCommitment bought = standard("old").bought();

        Replacement done = modify(List.of(bought), QUARTER, regional("m5.large", 2), zonal("m5.xlarge", 1));

        assertThat(done.hour()).isEqualTo(HOUR);
        PurchasedCommitment old = done.retired().getFirst();
        assertThat(old.retirement())
                .isEqualTo(new PurchasedCommitment.Retirement(Reason.MODIFIED, HOUR, List.of("new-1", "new-2")));
        assertThat(old.stateAt(QUARTER)).isEqualTo(State.RETIRED);
        assertThat(old.version()).isEqualTo(2);
        assertThat(old.term().hours()).isEqualTo(2_190);
        // Two of 876, a quarter of it for the hours that it has paid for; the other was billed with them.
        assertThat(Reserved.fees(old)).isEqualTo(new Fees(number(1_752), number(438), BigFraction.of(1, 5)));
        assertThat(done.successors())
                .extracting(
                        PurchasedCommitment::id,
                        PurchasedCommitment::endsAt,
                        PurchasedCommitment::heldSince,
                        one -> one.term().from())
                .containsExactly(
                        tuple("new-1", bought.agreedEnd(), START, HOUR),
                        tuple("new-2", bought.agreedEnd(), START, HOUR));
        // Three quarters of 1,752 are 1,314: two of four parts for two large, two for one xlarge.
        assertThat(terms(done.successors().get(0)).unitFees())
                .isEqualTo(new Fees(BigFraction.ZERO, BigFraction.of(657, 2), BigFraction.of(1, 20)));
        assertThat(terms(done.successors().get(1)).unitFees())
                .isEqualTo(new Fees(BigFraction.ZERO, number(657), BigFraction.of(1, 10)));
        assertThat(terms(done.successors().get(1)).zone()).isEqualTo(ZONE);
    }

    @Test
    void inTheHourOfThePurchaseWhatIsUnbilledPassesOn() {
        Replacement done = modify(List.of(standard("old").bought()), START.plusSeconds(60), regional("m5.large", 4));

        assertThat(done.retired().getFirst().term().hours()).isZero();
        assertThat(terms(done.successors().getFirst()).unitFees())
                .isEqualTo(new Fees(number(438), number(438), BigFraction.of(1, 20)));
    }

    @Test
    void severalBecomeOneAtTheAverageOfTheirFees() {
        PurchasedCommitment cheap = standard("a")
                .paid(PaymentOption.NO_UPFRONT, "0", "0.1")
                .times(1)
                .bought();
        PurchasedCommitment dear =
                standard("b").paid(PaymentOption.NO_UPFRONT, "0", "0.2").bought();

        Replacement done = modify(List.of(cheap, dear), QUARTER, zonal("m5.xlarge", 3));

        assertThat(terms(done.successors().getFirst()).unitFees().hourly()).isEqualTo(BigFraction.of(1, 6));
    }

    @Test
    void aFamilyWhoseSizesAreNoPartsOfEachOtherMovesBetweenZones() {
        PurchasedCommitment bought = standard("old").withType("g5.xlarge").bought();

        Replacement done = modify(List.of(bought), QUARTER, zonal("g5.xlarge", 1), regional("g5.xlarge", 1));

        assertThat(done.successors()).hasSize(2);
        assertThat(refusal(decide(List.of(bought), QUARTER, regional("g5.2xlarge", 1)))
                        .field())
                .isEqualTo("targetConfigurations");
    }

    @Test
    void onlyActiveStandardOnesOfLinuxAreModified() {
        for (PurchasedCommitment one : List.of(
                standard("x").withClass(OfferingClass.CONVERTIBLE).bought(),
                standard("x").withOs(OperatingSystem.WINDOWS).bought(),
                standard("x").startingAt(QUARTER.plusSeconds(1)).bought(),
                standard("x").startingAt(START.minus(Duration.ofDays(365))).bought())) {
            assertThat(refusal(decide(List.of(one), QUARTER, zonal("m5.xlarge", 2)))
                            .field())
                    .isEqualTo("reservedInstancesIds");
        }
        PurchasedCommitment modified = modify(List.of(standard("x").bought()), QUARTER, zonal("m5.xlarge", 2))
                .retired()
                .getFirst();
        assertThat(refusal(decide(List.of(modified), QUARTER, zonal("m5.xlarge", 2)))
                        .message())
                .contains("retired");
    }

    @Test
    void whatIsModifiedTogetherHasOneFamilyPaymentTermAndEnd() {
        PurchasedCommitment first = standard("a").bought();
        for (Reserved other : List.of(
                standard("a"),
                standard("b").withType("c5.xlarge"),
                standard("b").paid(PaymentOption.ALL_UPFRONT, "1", "0"),
                standard("b").withYears(3),
                standard("b").startingAt(START.plusSeconds(3_600)))) {
            assertThat(refusal(decide(List.of(first, other.bought()), QUARTER, zonal("m5.xlarge", 4)))
                            .field())
                    .as(other.toString())
                    .isEqualTo("reservedInstancesIds");
        }
    }

    @Test
    void normalizedUnitsFamilyAndRegionStayTheSame() {
        PurchasedCommitment bought = standard("a").bought();

        assertThat(refusal(decide(List.of(bought), QUARTER, zonal("m5.large", 3))))
                .satisfies(refusal -> {
                    assertThat(refusal.field()).isEqualTo("targetConfigurations");
                    assertThat(refusal.message()).contains("12").contains("16");
                });
        assertThat(refusal(decide(List.of(bought), QUARTER, zonal("m5.xlarge", 1), zonal("c5.xlarge", 1)))
                        .field())
                .isEqualTo("targetConfigurations[1].instanceType");
        assertThat(refusal(decide(List.of(bought), QUARTER, zonal("m5.xlarge", 0)))
                        .field())
                .isEqualTo("targetConfigurations[0].instanceCount");
        assertThat(refusal(decide(
                                List.of(bought),
                                QUARTER,
                                new Target(new AvailabilityZone("eu-west-1a"), new InstanceType("m5.xlarge"), 2)))
                        .field())
                .isEqualTo("targetConfigurations[0].availabilityZone");
    }

    /** However often Reserved Instances are modified: their hours cost what was bought, and bills have it once. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void modificationsNeverChangeWhatTheHoursCost(long seed) {
        Random random = new Random(seed);
        List<PurchasedCommitment> active = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            active.add(standard("old-" + i)
                    .withType(random.nextBoolean() ? "m5.xlarge" : "m5.24xlarge")
                    .times(1 + random.nextInt(7))
                    .paid(PaymentOption.PARTIAL_UPFRONT, 1 + random.nextInt(999) + ".37", "0.0" + random.nextInt(99))
                    .bought());
        }
        BigFraction paid = billedCost(active);
        List<PurchasedCommitment> retired = new ArrayList<>();
        Supplier<String> ids = ids();
        Instant now = START;
        for (int step = 0; step < 12; step++) {
            // Often in the same hour again, and in the hour of the purchase.
            now = now.plus(Duration.ofHours(random.nextInt(3) == 0 ? random.nextInt(600) : 0));
            List<PurchasedCommitment> chosen = active.stream()
                    .filter(one -> active.size() == 1 || random.nextInt(3) > 0)
                    .toList();
            if (chosen.isEmpty()) {
                continue;
            }
            Replacement done = new Modification(chosen, targets(chosen, random))
                    .decide(now, ids)
                    .orThrow();
            active.removeAll(chosen);
            active.addAll(done.successors());
            retired.addAll(done.retired());

            List<PurchasedCommitment> all = new ArrayList<>(retired);
            all.addAll(active);
            assertThat(effectiveCost(all)).as("seed %d, step %d", seed, step).isEqualTo(paid);
            assertThat(billedCost(all)).as("seed %d, step %d", seed, step).isEqualTo(paid);
        }
        assertThat(retired).as("seed %d", seed).isNotEmpty();
    }

    /** Random sizes of together as many normalized units; an m5.large is the smallest that everything splits into. */
    private static List<Target> targets(List<PurchasedCommitment> chosen, Random random) {
        int larges = chosen.stream()
                .map(ModificationTest::terms)
                .mapToInt(terms -> terms.count() * larges(terms.instanceType().size()))
                .sum();
        List<Target> targets = new ArrayList<>();
        while (larges > 0) {
            String size = List.of("large", "xlarge", "2xlarge", "24xlarge").get(random.nextInt(4));
            int most = larges / larges(size);
            if (most > 0) {
                int count = 1 + random.nextInt(most);
                targets.add(random.nextBoolean() ? zonal("m5." + size, count) : regional("m5." + size, count));
                larges -= count * larges(size);
            }
        }
        return targets;
    }

    private static int larges(String size) {
        return switch (size) {
            case "large" -> 1;
            case "xlarge" -> 2;
            case "2xlarge" -> 4;
            case "24xlarge" -> 48;
            default -> throw new IllegalArgumentException(size);
        };
    }

    private static BigFraction number(int whole) {
        return BigFraction.of(whole);
    }

    private static Terms.ReservedInstances terms(PurchasedCommitment commitment) {
        return (Terms.ReservedInstances) commitment.terms();
    }

    private static Target zonal(String type, int count) {
        return new Target(ZONE, new InstanceType(type), count);
    }

    private static Target regional(String type, int count) {
        return new Target(null, new InstanceType(type), count);
    }

    private static Outcome<Replacement> decide(List<PurchasedCommitment> reserved, Instant now, Target... targets) {
        return new Modification(reserved, List.of(targets)).decide(now, ids());
    }

    private static Replacement modify(List<PurchasedCommitment> reserved, Instant now, Target... targets) {
        return decide(reserved, now, targets).orThrow();
    }
}
