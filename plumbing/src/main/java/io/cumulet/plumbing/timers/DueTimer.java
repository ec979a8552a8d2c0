package io.cumulet.plumbing.timers;

import java.time.Instant;

/**
 * A timer, one for each kind and subject.
 *
 * @param kind names its handler
 * @param subject what it is about, such as an instance id
 * @param dueAt in the stack's time
 * @param payload whatever the handler needs; may be empty
 */
public record DueTimer(String kind, String subject, Instant dueAt, String payload) {}
