package io.cumulet.billing.app;

import io.cumulet.billing.domain.metering.UsageRun;

/**
 * A run as it is stored.
 *
 * @param usageVersion the version of the last usage event about it, counted for the instance; 0 if there was none
 */
public record MeteredRun(UsageRun run, long usageVersion) {}
