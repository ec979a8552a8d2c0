package io.cumulet.billing.domain.focus;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.costs.Slices;
import io.cumulet.billing.domain.metering.TagHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A FOCUS dataset of a row for each charge and hour, in no particular order. Rows are made while they are read: never are
 * more at hand than one charge has hours.
 *
 * @param charges can be read more than once
 */
public record FocusDataset(Supplier<Stream<FocusCharge>> charges, FocusReference reference) {

    private static final long HOUR_SECONDS = 3_600;

    private record Slice(Instant start, long hours) {}

    public Stream<FocusRow> rows() {
        return charges.get().flatMap(this::rows);
    }

    private Stream<FocusRow> rows(FocusCharge focusCharge) {
        Charge charge = focusCharge.charge();
        FocusEntry entry = FocusEntry.of(focusCharge, reference);
        TagHistory tags = tagsOf(charge);
        List<Slice> slices = new ArrayList<>();
        Slices.cut(
                charge.from(), charge.hours(), tags.changes(), (start, hours) -> slices.add(new Slice(start, hours)));
        return slices.stream().flatMap(slice -> {
            FocusRow first = FocusRow.of(entry.tagged(tags.at(slice.start())), slice.start());
            return LongStream.range(0, slice.hours())
                    .mapToObj(hour -> first.startingAt(slice.start().plusSeconds(hour * HOUR_SECONDS)));
        });
    }

    private TagHistory tagsOf(Charge charge) {
        String instanceId = charge.thing() == null ? null : charge.resourceId();
        return instanceId == null ? TagHistory.NONE : reference.tagsOf(instanceId);
    }
}
