package io.cumulet.billing.domain.whatifs;

import io.cumulet.billing.domain.rating.InstanceUsage;
import io.cumulet.billing.domain.rating.InstanceUsage.Run;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * Room that instances take one after the other, in the order in which they start: each the first that it fits into, from its first
 * start to its last stop.
 */
final class Places {

    private record Guest(Instant leaves, int size) {}

    /** One host, or one capacity reservation. */
    private static final class Place {

        private final String id;
        private final Predicate<InstanceUsage> takes;
        private final PriorityQueue<Guest> guests = new PriorityQueue<>(Comparator.comparing(Guest::leaves));
        private int room;

        Place(String id, int room, Predicate<InstanceUsage> takes) {
            this.id = id;
            this.room = room;
            this.takes = takes;
        }

        boolean take(Instant from, Instant until, int size) {
            while (!guests.isEmpty() && !guests.peek().leaves().isAfter(from)) {
                room += guests.remove().size();
            }
            if (room < size) {
                return false;
            }
            room -= size;
            guests.add(new Guest(until, size));
            return true;
        }
    }

    private final List<Place> places = new ArrayList<>();
    private final ToIntFunction<InstanceUsage> size;

    /** @param size how much room an instance takes, in the unit of the places */
    Places(ToIntFunction<InstanceUsage> size) {
        this.size = size;
    }

    void add(String id, int room, Predicate<InstanceUsage> takes) {
        places.add(new Place(id, room, takes));
    }

    /** The id of the place that an instance takes; to be asked in the order of {@link #first}. Empty if there is no room. */
    Optional<String> take(InstanceUsage instance) {
        Instant from = first(instance);
        Instant until = last(instance);
        return places.stream()
                .filter(place -> place.takes.test(instance))
                .filter(place -> place.take(from, until, size.applyAsInt(instance)))
                .map(place -> place.id)
                .findFirst();
    }

    static Instant first(InstanceUsage instance) {
        return instance.runs().stream()
                .map(Run::start)
                .min(Comparator.naturalOrder())
                .orElse(Instant.MIN);
    }

    static Instant last(InstanceUsage instance) {
        Instant last = Instant.MIN;
        for (Run run : instance.runs()) {
            Instant stop = run.stop() == null ? Instant.MAX : run.stop();
            last = stop.isAfter(last) ? stop : last;
        }
        return last;
    }
}
