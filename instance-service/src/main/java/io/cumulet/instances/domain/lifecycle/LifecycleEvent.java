package io.cumulet.instances.domain.lifecycle;

import java.time.Instant;

/** Something that happened to an instance, and the instance as it is after it. */
public record LifecycleEvent(Kind kind, Instance after, Instant at) {

    public enum Kind {
        REQUESTED,
        LAUNCHED,
        STARTED,
        FAILED,
        STOPPING,
        STOPPED,
        REBOOTED,
        MODIFIED,
        TERMINATING,
        TERMINATED,
        REBALANCE_RECOMMENDED,
        INTERRUPTION_WARNED,
        INTERRUPTED
    }
}
