package io.cumulet.instances.domain.lifecycle;

import org.jspecify.annotations.Nullable;

/**
 * Why an instance is in its state, where there is more to say than the command.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html">EC2's state reasons</a>
 */
public record StateReason(String code, String message) {

    public static final StateReason USER_SHUTDOWN =
            new StateReason("Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown");

    public static final StateReason USER_HIBERNATE =
            new StateReason("Client.UserInitiatedHibernate", "Client.UserInitiatedHibernate: User initiated hibernate");

    private static final String SPOT_TERMINATION = "Server.SpotInstanceTermination";
    private static final String NO_CAPACITY = "Server.InsufficientInstanceCapacity";

    /** Whether a stopped instance was stopped by the market, and not by its owner. */
    boolean isOfTheMarket() {
        return code.equals(SPOT_TERMINATION) || code.equals(NO_CAPACITY);
    }

    public static StateReason bootFailed(String detail) {
        return new StateReason("Server.InternalError", "Server.InternalError: The instance did not boot: " + detail);
    }

    public static StateReason noCapacity(String detail) {
        return new StateReason(NO_CAPACITY, NO_CAPACITY + ": " + detail);
    }

    /** A refused spot allocation: the refusal's own code says why. */
    public static StateReason refused(String code, String detail) {
        return new StateReason("Server." + code, detail);
    }

    public static StateReason spotRequestEnded() {
        return new StateReason(
                USER_SHUTDOWN.code(), USER_SHUTDOWN.code() + ": The spot request ended while the instance was stopped");
    }

    /** @param fleetId null if the instance doesn't say which */
    public static StateReason givenUpByFleet(@Nullable String fleetId) {
        return new StateReason(
                USER_SHUTDOWN.code(),
                USER_SHUTDOWN.code() + ": " + (fleetId == null ? "Its fleet" : "The fleet " + fleetId)
                        + " terminated the instance");
    }

    /** EC2 documents no code for this; this one is made after that of spot. */
    public static StateReason slotEnds() {
        String code = "Server.ScheduledInstanceTermination";
        return new StateReason(code, code + ": The time slot of the Scheduled Instance ends");
    }

    /** EC2 has no such thing. */
    public static StateReason accountReset() {
        String code = "Server.AccountReset";
        return new StateReason(code, code + ": The account was reset");
    }

    public static StateReason interrupted(String reason, String action) {
        return new StateReason(
                SPOT_TERMINATION,
                "Server.SpotInstanceTermination: Spot instance interrupted (" + reason + "), action " + action);
    }
}
