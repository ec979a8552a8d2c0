package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.Interval;
import io.cumulet.kernel.SpotInterruptionPolicy;
import java.time.Instant;

/**
 * All that a rating depends on.
 *
 * @param period starts and ends on the hour; rows are given whose charge period starts inside it
 * @param knownUntil up to when usage is known: what has no end yet is rated up to here. The period's end, or for a bill
 *     the moment up to which it is complete, which may lie before or behind the period's end
 */
public record Scenario(
        Interval period,
        Instant knownUntil,
        Prices prices,
        Usage usage,
        Commitments commitments,
        Organizations organizations,
        FreeTier freeTier,
        SpotInterruptionPolicy spotInterruptionPolicy) {}
