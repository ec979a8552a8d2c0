package io.cumulet.spotmarket.domain.fleets;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.catalog.InstanceTypes;
import io.cumulet.kernel.HourlyRate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PriceProtectionTest {

    private static final PriceProtection USUAL =
            new PriceProtection(PriceProtection.USUAL_SPOT, PriceProtection.USUAL_ON_DEMAND, null);

    @Test
    void typesAreComparedWithTheCheapestOfCurrentGeneralPurposeComputeAndMemoryTypes() {
        // A t3 is cheaper than all of them, and compared with none.
        List<PriceProtection.Admitted> admitted =
                USUAL.admit(List.of(costs("m7i.large", "0.10"), costs("t3.large", "0.05"), costs("c7i.large", "0.12")));

        assertThat(admitted)
                .extracting(one -> one.type().value())
                .containsExactly("t3.large", "m7i.large", "c7i.large");
        assertThat(admitted).allMatch(PriceProtection.Admitted::onDemand);
    }

    @Test
    void whatIsTwiceAsDearIsNoSpotInstanceAndWhatIsAFifthDearerNoneOnDemand() {
        List<PriceProtection.Admitted> admitted = USUAL.admit(List.of(
                costs("m7i.large", "0.10"),
                costs("c7i.large", "0.1201"),
                costs("r7i.large", "0.20"),
                costs("r7iz.large", "0.2001")));

        assertThat(admitted)
                .extracting(one -> one.type().value())
                .containsExactly("m7i.large", "c7i.large", "r7i.large");
        assertThat(admitted).allMatch(PriceProtection.Admitted::asSpot);
        assertThat(admitted).extracting(PriceProtection.Admitted::onDemand).containsExactly(true, false, false);
    }

    @Test
    void onlyWhereThereIsNoneOfThemOthersAreComparedWith() {
        assertThat(names(USUAL, costs("t2.large", "0.30"), costs("i3.large", "0.11"), costs("m3.large", "0.10")))
                .containsExactly("m3.large", "i3.large");
        assertThat(names(USUAL, costs("m1.large", "0.10"), costs("m3.large", "0.21")))
                .containsExactly("m1.large");
    }

    @Test
    void withoutALimitAllAreAdmitted() {
        PriceProtection none = new PriceProtection(PriceProtection.NO_LIMIT, PriceProtection.NO_LIMIT, null);

        assertThat(names(none, costs("m7i.large", "0.10"), costs("r7i.large", "9")))
                .hasSize(2);
    }

    @Test
    void aShareOfTheOnDemandPriceIsWhatASpotInstanceCostsAtMost() {
        PriceProtection half = new PriceProtection(null, PriceProtection.USUAL_ON_DEMAND, 50);

        assertThat(half.admit(List.of(costs("m7i.large", "0.10"), costs("r7i.large", "9"))))
                .allSatisfy(one -> {
                    assertThat(one.asSpot()).isTrue();
                    assertThat(one.mostSpot().usd()).isEqualByComparingTo("0.05");
                });
    }

    @Test
    void ofNothingNothingIsAdmitted() {
        assertThat(USUAL.admit(List.of())).isEmpty();
    }

    private static List<String> names(PriceProtection protection, PriceProtection.Candidate... candidates) {
        return protection.admit(Stream.of(candidates).toList()).stream()
                .map(one -> one.type().value())
                .toList();
    }

    private static PriceProtection.Candidate costs(String type, String usd) {
        return new PriceProtection.Candidate(InstanceTypes.find(type).orElseThrow(), HourlyRate.of(usd));
    }
}
