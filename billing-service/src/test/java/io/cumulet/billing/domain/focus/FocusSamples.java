package io.cumulet.billing.domain.focus;

import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.billing.domain.billing.RandomCharges;
import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.billing.domain.metering.TagChange;
import io.cumulet.billing.domain.metering.TagHistory;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Datasets of random charges. */
public final class FocusSamples {

    private FocusSamples() {}

    /** Of what the payer pays. No list is at hand: list prices follow from the costs. */
    public static FocusDataset dataset(Charges charges) {
        return new FocusDataset(
                () -> charges.charges().stream().map(charge -> FocusCharge.notInvoiced(charge, RandomCharges.MONTH)),
                new Reference());
    }

    private static final class Reference implements FocusReference {

        /** Every second instance is tagged, and again on the tenth. */
        @Override
        public TagHistory tagsOf(String instanceId) {
            if (instanceId.hashCode() % 2 == 0) {
                return TagHistory.NONE;
            }
            return new TagHistory(List.of(
                    new TagChange(instanceId, 1, Instant.EPOCH, Map.of("Name", "a \"quoted\", name", "team", "red")),
                    new TagChange(instanceId, 5, Instant.parse("2026-01-10T10:30:00Z"), Map.of("team", "blue\n"))));
        }

        @Override
        public Optional<HourlyRate> listPrice(MeteredThing thing, Instant at) {
            return Optional.empty();
        }

        @Override
        public String nameOf(Region region) {
            return "The region " + region;
        }
    }
}
