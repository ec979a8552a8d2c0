package io.cumulet.spotmarket.domain.fleets;

/** Why an instant fleet got less than it asked for from a pool; the code is one EC2 has. */
public record FleetError(String instanceType, String availabilityZone, String code, String message) {}
