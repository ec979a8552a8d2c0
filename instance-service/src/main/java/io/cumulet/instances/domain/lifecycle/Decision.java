package io.cumulet.instances.domain.lifecycle;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import java.util.List;
import java.util.Set;

/** What follows from a command. Deciding changes nothing. */
public sealed interface Decision {

    /** What has to be done besides the new state. */
    enum Effect {
        /** Room on {@link Instance#hostId()} of the instance after the change. */
        TAKE_CAPACITY,
        /** The room it held before the change. */
        RELEASE_CAPACITY,
        /** The interfaces it had before the change: those that go with it are deleted, the others detached. */
        RELEASE_INTERFACES,
        DRIVER_BOOT,
        DRIVER_SHUT_DOWN,
        DRIVER_REBOOT
    }

    /** @param events in order; the last one holds the instance as it will be */
    record Changed(List<LifecycleEvent> events, Set<Effect> effects) implements Decision {

        public Instance after() {
            return events.getLast().after();
        }
    }

    /** The target is reached or under way, or the report is stale. */
    record Unchanged() implements Decision {}

    record Refused(Refusal refusal) implements Decision {}

    static Decision unchanged() {
        return new Unchanged();
    }

    static Decision refused(ErrorCode code, String message) {
        return new Refused(Refusal.of(code, message));
    }

    static Decision refused(ErrorCode code, String field, String message) {
        return new Refused(Refusal.of(code, field, message));
    }

    static Decision changed(LifecycleEvent event, Effect... effects) {
        return new Changed(List.of(event), Set.of(effects));
    }
}
