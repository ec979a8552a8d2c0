package io.cumulet.instances.driver;

import io.cumulet.kernel.AvailabilityZone;

/** What a timer of the simulated driver will report, as the text in the timer. */
record SimulatedReport(Kind kind, AvailabilityZone zone, int run) {

    enum Kind {
        UP,
        BOOT_FAILED,
        DOWN
    }

    String payload() {
        return kind + "|" + zone + "|" + run;
    }

    static SimulatedReport parse(String payload) {
        String[] parts = payload.split("\\|");
        return new SimulatedReport(Kind.valueOf(parts[0]), new AvailabilityZone(parts[1]), Integer.parseInt(parts[2]));
    }
}
