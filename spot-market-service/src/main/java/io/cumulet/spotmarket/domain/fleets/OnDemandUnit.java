package io.cumulet.spotmarket.domain.fleets;

import java.math.BigDecimal;
import java.time.Instant;

/** An On-Demand Instance of a fleet that isn't over and isn't being terminated. */
public record OnDemandUnit(String instanceId, BigDecimal weight, Instant launchedAt) {}
