package io.cumulet.billing.app;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A modification or an exchange that was done.
 *
 * @param effectiveAt the start of the clock hour that it counts from
 * @param retired ids of what it ended
 * @param successors ids of what it made, in the order of the request
 */
public record ReservedInstancesChange(
        String id,
        AccountId account,
        Region region,
        Kind kind,
        Instant changedAt,
        Instant effectiveAt,
        List<String> retired,
        List<String> successors) {

    /** What was done. */
    public enum Kind {
        MODIFICATION("modification"),
        EXCHANGE("exchange");

        private final String code;

        Kind(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }

        public static Optional<Kind> ofCode(String code) {
            for (Kind kind : values()) {
                if (kind.code.equals(code)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }
}
