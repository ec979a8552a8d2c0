package io.cumulet.billing.domain.metering;

import java.time.Instant;

/**
 * One thing that happened to an instance.
 *
 * @param version counts up by one with each fact of the instance, from 1
 * @param at when it happened
 * @param thing what the instance was then
 * @param eventId the event that told of it
 */
public record Fact(String instanceId, long version, FactKind kind, Instant at, MeteredThing thing, String eventId) {}
