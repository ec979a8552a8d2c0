package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** The prices of a {@link RandomScenario}: of everything that could be used there, though not every plan covers it. */
final class RandomPrices {

    private final Random random;
    private final List<AvailabilityZone> zones;
    private final List<InstanceType> types;
    private final PriceTable table = new PriceTable();

    RandomPrices(Random random, List<AvailabilityZone> zones, List<InstanceType> types) {
        this.random = random;
        this.zones = zones;
        this.types = types;
        addList();
    }

    PriceTable table() {
        return table;
    }

    private void addList() {
        Set<String> families = new TreeSet<>();
        for (InstanceType type : types) {
            families.add(type.family());
            for (OperatingSystem os : OperatingSystem.values()) {
                for (AvailabilityZone zone : zones) {
                    table.addSpot(
                            zone, type, os, RandomScenario.START.minus(Duration.ofDays(9)), HourlyRate.of("0.004"));
                    table.addSpot(zone, type, os, RandomScenario.START.plusSeconds(7_777), HourlyRate.of("0.0073"));
                    for (Tenancy tenancy : List.of(Tenancy.DEFAULT, Tenancy.DEDICATED)) {
                        table.addOnDemand(zone.region(), type, os, tenancy, price());
                    }
                }
            }
        }
        for (String family : families) {
            for (AvailabilityZone zone : zones) {
                table.addDedicatedHost(zone.region(), family, HourlyRate.of(one(List.of("5.069", "2.42", "0.3"))));
            }
        }
        if (random.nextInt(4) == 0) {
            table.setDedicatedRegionFee(HourlyRate.of("1.25"));
        }
    }

    /** Few different ones, so that many are alike. */
    private HourlyRate price() {
        return HourlyRate.of(
                one(List.of("0.1", "0.2", "0.1", "0.096", "0.192", "0.133", "0.0116", "1.536", "2.097152")));
    }

    /** Percentages that tie, at equal and at different rates; a rate that is no saving at all; and no rate for some. */
    void addRates(SavingsPlan plan) {
        List<Region> regions =
                zones.stream().map(AvailabilityZone::region).distinct().toList();
        for (Region region : regions) {
            for (InstanceType type : types) {
                for (OperatingSystem os : OperatingSystem.values()) {
                    for (Tenancy tenancy : List.of(Tenancy.DEFAULT, Tenancy.DEDICATED)) {
                        HourlyRate list =
                                table.onDemand(region, type, os, tenancy).orElseThrow();
                        if (random.nextInt(6) != 0) {
                            table.addSavingsPlan(plan.id(), region, type, os, tenancy, discounted(list));
                        }
                    }
                }
                HourlyRate list = table.dedicatedHost(region, type.family()).orElseThrow();
                if (random.nextBoolean()) {
                    table.addSavingsPlanHost(plan.id(), region, type.family(), discounted(list));
                }
            }
        }
    }

    private HourlyRate discounted(HourlyRate list) {
        String share = one(
                List.of("0.7", "0.7", "0.5", "0.63", random.nextInt(3) == 0 ? one(List.of("1", "1.1", "1.3")) : "0.7"));
        return new HourlyRate(list.usd().multiply(new BigDecimal(share)));
    }

    private <T> T one(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
