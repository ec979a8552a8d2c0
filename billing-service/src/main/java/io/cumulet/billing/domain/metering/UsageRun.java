package io.cumulet.billing.domain.metering;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One stay of an instance in {@code running}.
 *
 * @param number which run of the instance, from 1
 * @param startedAt truncated to the second
 * @param end null while it goes on
 * @param provisional true while a fact is missing that could change it
 * @param firstVersion the version of the fact that began it
 */
public record UsageRun(
        String instanceId,
        int number,
        MeteredThing thing,
        Instant startedAt,
        @Nullable End end,
        boolean provisional,
        long firstVersion) {

    /**
     * How a run ended.
     *
     * @param at start + seconds
     * @param seconds exact end − exact start, rounded up, at least 1
     * @param version the version of the fact that ended it
     */
    public record End(Instant at, long seconds, Cause cause, long version) {}

    /** Who ended it. */
    public enum Cause {
        USER("user"),
        INTERRUPTION("interruption");

        private final String code;

        Cause(String code) {
            this.code = code;
        }

        /** The name in events and answers. */
        public String code() {
            return code;
        }

        public static Cause ofCode(String code) {
            return switch (code) {
                case "user" -> USER;
                case "interruption" -> INTERRUPTION;
                default -> throw new IllegalArgumentException("Nothing ends a run so: " + code);
            };
        }
    }

    public boolean isRunning() {
        return end == null;
    }
}
