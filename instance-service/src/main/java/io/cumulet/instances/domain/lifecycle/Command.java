package io.cumulet.instances.domain.lifecycle;

import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.IpAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be asked of, or reported about, an instance that exists. */
public sealed interface Command {

    /**
     * @param hostId where it would fit now; null if nowhere
     * @param publicAddress what it is given for the new run; null for none
     */
    record Start(@Nullable String hostId, @Nullable IpAddress publicAddress) implements Command {
        public Start(@Nullable String hostId) {
            this(hostId, null);
        }
    }

    /**
     * The market gives it room again, after it stopped it.
     *
     * @param hostId where it would fit now; null if nowhere
     * @param publicAddress what it is given for the new run; null for none
     */
    record Restart(@Nullable String hostId, @Nullable IpAddress publicAddress) implements Command {
        public Restart(@Nullable String hostId) {
            this(hostId, null);
        }
    }

    /** @param hibernate keeps what is in memory, where it was launched so that it may */
    record Stop(boolean hibernate) implements Command {
        public Stop() {
            this(false);
        }
    }

    record Reboot() implements Command {}

    record Terminate() implements Command {}

    /**
     * Changes what may be changed; null leaves a field as it is.
     *
     * @param type only while stopped
     * @param tags what to set, or with null as value to remove, as JSON merge patch does (RFC 7396)
     * @param userData only while stopped; kept apart from the instance
     * @param options what is said anew; some of it only while stopped
     */
    record Modify(
            @Nullable InstanceType type,
            @Nullable List<String> groupIds,
            @Nullable Map<String, @Nullable String> tags,
            @Nullable Boolean terminationProtected,
            @Nullable String userData,
            InstanceOptions options)
            implements Command {

        /** Says nothing of its options. */
        public Modify(
                @Nullable InstanceType type,
                @Nullable List<String> groupIds,
                @Nullable Map<String, @Nullable String> tags,
                @Nullable Boolean terminationProtected,
                @Nullable String userData) {
            this(type, groupIds, tags, terminationProtected, userData, InstanceOptions.NONE);
        }

        /** A change of its options alone. */
        public static Modify of(InstanceOptions options) {
            return new Modify(null, null, null, null, null, options);
        }
    }

    /** The driver says it is up. */
    record ReportUp(int run) implements Command {}

    record ReportBootFailed(int run, String detail) implements Command {}

    /** The driver says it is down, after a stop or a termination. */
    record ReportDown(int run) implements Command {}

    /**
     * The market will take it back.
     *
     * @param at when the market said so
     * @param actionAt when it takes it
     */
    record Warned(Instant at, Instant actionAt) implements Command {}

    /** The market says that it is at an elevated risk of being taken back. */
    record RebalanceRecommended(Instant at) implements Command {}

    /** @param reason the market's: {@code price}, {@code capacity}, {@code launch-group} or {@code injected} */
    record Evicted(String reason, Instant actionAt) implements Command {}

    /** The time slot that it was launched in ends soon: it is terminated, protected or not. */
    record SlotEnds() implements Command {}

    /** The fleet that it belongs to has no use for it any more: it is terminated as by its owner, protected or not. */
    record GivenUpByFleet() implements Command {}

    /** Its account is reset: it is terminated, protected or not. */
    record AccountReset() implements Command {}

    /** Its spot request is over, so that nobody could start it any more: what is stopped then ends. */
    record RequestEnded() implements Command {}
}
