package io.cumulet.instances.app;

import io.cumulet.kernel.AvailabilityZone;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Where drivers report. */
@ApplicationScoped
public class Reports {

    private final Zones zones;

    public Reports(Zones zones) {
        this.zones = zones;
    }

    /**
     * Takes reports in; returns when they are committed.
     *
     * @throws java.util.concurrent.CompletionException if they could not be; they have to come again then
     */
    public void take(Map<AvailabilityZone, List<DriverReport>> byZone) {
        List<CompletableFuture<?>> results = new ArrayList<>();
        byZone.forEach((zone, reports) -> results.add(zones.submit(zone, new ZoneWork.Reports(reports))));
        CompletableFuture.allOf(results.toArray(CompletableFuture[]::new)).join();
    }
}
