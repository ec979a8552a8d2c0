package io.cumulet.instances.driver;

import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.plumbing.trace.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * What a timer of the simulated driver will report, as the text in the timer.
 *
 * @param trace of the command; only in the text if there is one
 */
record SimulatedReport(
        Kind kind, AvailabilityZone zone, int run, @Nullable TraceContext trace) {

    enum Kind {
        UP,
        BOOT_FAILED,
        DOWN
    }

    String payload() {
        String text = kind + "|" + zone + "|" + run;
        if (trace == null) {
            return text;
        }
        return text + "|" + trace.traceparent() + (trace.tracestate() == null ? "" : "|" + trace.tracestate());
    }

    static SimulatedReport parse(String payload) {
        String[] parts = payload.split("\\|", 5);
        return new SimulatedReport(
                Kind.valueOf(parts[0]),
                new AvailabilityZone(parts[1]),
                Integer.parseInt(parts[2]),
                TraceContext.of(parts.length > 3 ? parts[3] : null, parts.length > 4 ? parts[4] : null));
    }
}
