package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/**
 * A rated scenario.
 *
 * @param segments the rated rows, equal ones of consecutive hours together, in no particular order
 * @param unrated the usage whose price isn't known; it has no rows
 */
public record Rated(List<RatedSegment> segments, List<Unrated> unrated) {

    /** The sum of the rounded rows. */
    public Costs totals() {
        Costs totals = Costs.ZERO;
        for (RatedSegment segment : segments) {
            totals = totals.plus(segment.costs());
        }
        return totals;
    }

    /** The rows in their order, expanded while they are read. Rows alike in order keep usage order. */
    public Iterable<RatedRow> rows() {
        return Rows::new;
    }

    /** This, if everything could be rated; otherwise a refusal that names the first place that couldn't. */
    public Outcome<Rated> complete() {
        if (unrated.isEmpty()) {
            return Outcome.done(this);
        }
        Unrated first = unrated.getFirst();
        return Outcome.refused(ErrorCode.CANNOT_RATE, first.place(), first.reason());
    }

    private final class Rows implements Iterator<RatedRow> {

        private final PriorityQueue<Cursor> queue = new PriorityQueue<>(
                Math.max(1, segments.size()),
                Comparator.comparing(Cursor::row, RatedRow.ORDER).thenComparingInt(Cursor::sequence));

        private record Cursor(RatedSegment segment, RatedRow row, long index, int sequence) {}

        Rows() {
            int sequence = 0;
            for (RatedSegment segment : segments) {
                queue.add(new Cursor(segment, segment.first(), 0, sequence++));
            }
        }

        @Override
        public boolean hasNext() {
            return !queue.isEmpty();
        }

        @Override
        public RatedRow next() {
            Cursor cursor = queue.poll();
            if (cursor == null) {
                throw new NoSuchElementException();
            }
            long next = cursor.index() + 1;
            if (next < cursor.segment().hours()) {
                queue.add(new Cursor(cursor.segment(), cursor.segment().row(next), next, cursor.sequence()));
            }
            return cursor.row();
        }
    }
}
