package io.cumulet.billing.domain.billing;

import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;

/** What has one spot price at a time. */
public record SpotPool(AvailabilityZone zone, InstanceType instanceType, OperatingSystem os) {}
