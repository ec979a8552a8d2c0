package io.cumulet.instances.domain.lifecycle;

import java.util.Locale;
import java.util.Optional;

/**
 * Where an instance is in its life, and what that means for bill and capacity.
 *
 * <pre>
 *   PENDING ──▶ RUNNING ──▶ STOPPING ──▶ STOPPED ──▶ PENDING …
 *      │           │                        │
 *      └───────────┴──▶ SHUTTING_DOWN ◀─────┘
 *                            │
 *                            ▼
 *                        TERMINATED
 * </pre>
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-lifecycle.html">Instance lifecycle</a>
 */
public enum InstanceState {
    /*            billed  capacity  EC2's number */
    PENDING(/*   */ false, true, 0),
    RUNNING(/*   */ true, true, 16),
    SHUTTING_DOWN(false, true, 32),
    TERMINATED(/**/ false, false, 48),
    STOPPING(/*  */ false, true, 64),
    STOPPED(/*   */ false, false, 80);

    private final boolean metered;
    private final boolean holdsCapacity;
    private final int number;

    InstanceState(boolean metered, boolean holdsCapacity, int number) {
        this.metered = metered;
        this.holdsCapacity = holdsCapacity;
        this.number = number;
    }

    /** Whether its time is billed: only while running. */
    public boolean metered() {
        return metered;
    }

    /**
     * Whether it may hold room on a host. Shutting down holds none if it was stopped before; see {@link
     * Instance#hostId()}.
     */
    public boolean holdsCapacity() {
        return holdsCapacity;
    }

    /** EC2's number of the state. */
    public int number() {
        return number;
    }

    /** EC2's name, such as {@code shutting-down}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<InstanceState> ofCode(String code) {
        for (InstanceState state : values()) {
            if (state.code().equals(code)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return code();
    }
}
