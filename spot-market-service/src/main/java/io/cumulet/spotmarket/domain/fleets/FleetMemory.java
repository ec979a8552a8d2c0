package io.cumulet.spotmarket.domain.fleets;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a fleet remembers from one plan to the next, besides its requests.
 *
 * @param asked whether a fleet that asks but once has done so
 * @param settled whether an instant fleet was answered
 * @param farewells when units are given up that it doesn't count any more, by request: at that time or, if they don't run
 *     yet, once they do
 * @param failures how many of its launches had failed by the last plan
 * @param failedPlans how many plans found new failures, since it last had all it wanted
 * @param retries how often it tried again, since it last had all it wanted
 * @param heldUntil it asks for nothing new before; null if nothing is held back
 * @param errors of an instant fleet
 * @param limited whether it last wanted to ask for more than its account may have open: this is noted once
 */
public record FleetMemory(
        boolean asked,
        boolean settled,
        Map<String, Instant> farewells,
        long failures,
        int failedPlans,
        int retries,
        @Nullable Instant heldUntil,
        List<FleetError> errors,
        boolean limited) {

    public static final FleetMemory NONE = new FleetMemory(false, false, Map.of(), 0, 0, 0, null, List.of(), false);

    FleetMemory withAsked(boolean whetherAsked) {
        return new FleetMemory(
                whetherAsked, settled, farewells, failures, failedPlans, retries, heldUntil, errors, limited);
    }

    FleetMemory withSettled() {
        return new FleetMemory(asked, true, farewells, failures, failedPlans, retries, heldUntil, errors, limited);
    }

    FleetMemory withFarewells(Map<String, Instant> newFarewells) {
        return new FleetMemory(
                asked, settled, Map.copyOf(newFarewells), failures, failedPlans, retries, heldUntil, errors, limited);
    }

    FleetMemory withFailures(long count, int plans, @Nullable Instant until) {
        return new FleetMemory(asked, settled, farewells, count, plans, retries, until, errors, limited);
    }

    FleetMemory withRetries(int count) {
        return new FleetMemory(asked, settled, farewells, failures, failedPlans, count, heldUntil, errors, limited);
    }

    FleetMemory withErrors(List<FleetError> newErrors) {
        return new FleetMemory(
                asked, settled, farewells, failures, failedPlans, retries, heldUntil, List.copyOf(newErrors), limited);
    }

    FleetMemory withLimited(boolean whetherLimited) {
        return new FleetMemory(
                asked, settled, farewells, failures, failedPlans, retries, heldUntil, errors, whetherLimited);
    }
}
