package io.cumulet.instances.domain.lifecycle;

import io.cumulet.kernel.HourlyRate;

/**
 * On what terms a spot instance runs.
 *
 * @param maxPrice the most its owner pays for an hour
 * @param requestId the spot request it belongs to
 * @param behavior what happens to it when it is taken back
 */
public record SpotTerms(HourlyRate maxPrice, String requestId, InterruptionBehavior behavior) {}
