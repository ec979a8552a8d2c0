package io.cumulet.contract;

import java.time.Instant;

/**
 * The stack's time. Key: {@code clock}. While it runs, the stack's time is {@code at} plus the real time gone by since
 * {@code realAt}; while it is frozen, it is {@code at}.
 *
 * @param mode {@code running} or {@code frozen}
 * @param epoch counted up by each reset
 * @param version counts up
 */
public record ClockSnapshot(String mode, Instant at, Instant realAt, int epoch, long version) {}
