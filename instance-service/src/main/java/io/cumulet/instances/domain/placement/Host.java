package io.cumulet.instances.domain.placement;

import io.cumulet.kernel.AvailabilityZone;
import java.util.Locale;
import java.util.Optional;

/**
 * A machine of the fleet.
 *
 * @param family the instance family it runs, such as {@code m4}
 * @param sockets physical sockets, and {@code cores} physical cores of all of them: for licences bound to hardware
 * @param version counts up by one with each event of the host, from 1
 */
public record Host(
        String id,
        AvailabilityZone zone,
        String family,
        int sockets,
        int cores,
        Capacity capacity,
        State state,
        long version) {

    /** Whether it takes instances. */
    public enum State {
        AVAILABLE,
        /** Takes no more, and goes when its last instance has gone. */
        DRAINING,
        REMOVED;

        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<State> ofCode(String code) {
            for (State state : values()) {
                if (state.code().equals(code)) {
                    return Optional.of(state);
                }
            }
            return Optional.empty();
        }
    }

    public Host becoming(State newState) {
        return new Host(id, zone, family, sockets, cores, capacity, newState, version + 1);
    }
}
