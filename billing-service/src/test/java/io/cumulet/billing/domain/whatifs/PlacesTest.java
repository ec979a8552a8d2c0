package io.cumulet.billing.domain.whatifs;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.billing.domain.rating.InstanceUsage;
import io.cumulet.billing.domain.rating.InstanceUsage.EndedBy;
import io.cumulet.billing.domain.rating.InstanceUsage.Run;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Tenancy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlacesTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** At no moment do instances take more of a place than it has, and who was turned away had no room anywhere. */
    @Test
    void noPlaceIsOverfilledAndNobodyIsTurnedAwayWhileThereIsRoom() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            Places places = new Places(PlacesTest::size);
            Map<String, Integer> room = new HashMap<>();
            for (int i = 0; i < 3; i++) {
                room.put("p" + i, 4 + random.nextInt(8));
                places.add("p" + i, room.get("p" + i), instance -> true);
            }
            List<InstanceUsage> instances = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                instances.add(instance(i, random.nextInt(100), 1 + random.nextInt(30)));
            }
            instances.sort(Comparator.comparing(Places::first));
            Map<String, List<InstanceUsage>> taken = new HashMap<>();
            for (InstanceUsage instance : instances) {
                String place = places.take(instance).orElse(null);
                for (String one : room.keySet()) {
                    int used = used(taken.getOrDefault(one, List.of()), Places.first(instance));
                    if (one.equals(place)) {
                        assertThat(used + size(instance)).as("seed %d", seed).isLessThanOrEqualTo(room.get(one));
                    } else if (place == null) {
                        assertThat(used + size(instance)).as("seed %d", seed).isGreaterThan(room.get(one));
                    }
                }
                if (place != null) {
                    taken.computeIfAbsent(place, of -> new ArrayList<>()).add(instance);
                }
            }
        }
    }

    private static int used(List<InstanceUsage> guests, Instant at) {
        return guests.stream()
                .filter(guest -> Places.last(guest).isAfter(at))
                .mapToInt(PlacesTest::size)
                .sum();
    }

    private static int size(InstanceUsage instance) {
        return 1 + Integer.parseInt(instance.id()) % 4;
    }

    private static InstanceUsage instance(int number, long from, long length) {
        Instant start = START.plusSeconds(from);
        return new InstanceUsage(
                "/instances/" + number,
                String.valueOf(number),
                new AccountId("123456789012"),
                new InstanceType("m4.large"),
                OperatingSystem.LINUX,
                Tenancy.DEFAULT,
                new AvailabilityZone("us-east-1a"),
                Market.ON_DEMAND,
                null,
                null,
                List.of(new Run(start, start.plusSeconds(length), EndedBy.USER)));
    }
}
