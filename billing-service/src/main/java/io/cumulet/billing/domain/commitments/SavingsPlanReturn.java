package io.cumulet.billing.domain.commitments;

import io.cumulet.billing.domain.commitments.PurchasedCommitment.Reason;
import io.cumulet.billing.domain.commitments.PurchasedCommitment.Retirement;
import io.cumulet.billing.domain.commitments.PurchasedCommitment.State;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Giving back a Savings Plan that was bought by mistake: it costs nothing then, and pays for nothing, from its first hour on.
 *
 * @see <a href="https://docs.aws.amazon.com/savingsplans/latest/userguide/return-sp.html">Returning a purchased Savings
 *     Plan</a>
 */
public final class SavingsPlanReturn {

    /** Of those who pay for themselves, and of all for whom somebody pays together; in each calendar year, UTC. */
    public static final int MOST_IN_A_YEAR = 10;

    private static final HourlyRate LARGEST = HourlyRate.of("100");
    private static final Duration LONGEST = Duration.ofDays(7);

    private SavingsPlanReturn() {}

    /** Until when it can be returned: in the month in which it begins; its start if it never can. */
    public static Instant returnableUntil(PurchasedCommitment plan) {
        HourlyRate commitment = plan.terms().commitment();
        if (commitment == null || commitment.compareTo(LARGEST) > 0) {
            return plan.startsAt();
        }
        Instant nextMonth = month(plan.startsAt()).plusMonths(1).toInstant();
        Instant longest = plan.startsAt().plus(LONGEST);
        return longest.isBefore(nextMonth) ? longest : nextMonth;
    }

    /** The beginning of the year in which returns count together with one now. */
    public static Instant yearOf(Instant now) {
        return month(now).withMonth(1).toInstant();
    }

    /**
     * The plan as it is once it was returned.
     *
     * @param earlier how many were returned this year
     */
    public static Outcome<PurchasedCommitment> decide(PurchasedCommitment plan, int earlier, Instant now) {
        State state = plan.stateAt(now);
        if (state != State.ACTIVE) {
            return refused("Only an active plan can be returned; this one is " + state.code());
        }
        Instant until = returnableUntil(plan);
        if (!now.isBefore(until)) {
            return refused(
                    until.equals(plan.startsAt())
                            ? "A plan of more than " + LARGEST + " USD an hour can't be returned"
                            : "It could be returned until " + until);
        }
        if (earlier >= MOST_IN_A_YEAR) {
            return Outcome.refused(
                    ErrorCode.SAVINGS_PLAN_RETURN_LIMIT_EXCEEDED,
                    "id",
                    "No more than " + MOST_IN_A_YEAR + " plans can be returned in a year");
        }
        return Outcome.done(
                plan.retired(new Retirement(Reason.RETURNED, plan.term().from(), List.of())));
    }

    private static Outcome<PurchasedCommitment> refused(String cause) {
        return Outcome.refused(ErrorCode.INCORRECT_COMMITMENT_STATE, "id", cause);
    }

    private static OffsetDateTime month(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
    }
}
