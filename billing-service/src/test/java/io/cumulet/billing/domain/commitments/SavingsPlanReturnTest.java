package io.cumulet.billing.domain.commitments;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.billing.domain.commitments.PurchasedCommitment.State;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Refusal;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SavingsPlanReturnTest {

    @ParameterizedTest
    @CsvSource({
        "2026-03-10T10:30:00Z, 100.00, 2026-03-17T10:30:00Z",
        "2026-03-28T10:30:00Z, 0.5, 2026-04-01T00:00:00Z",
        "2026-12-31T23:59:59Z, 0.5, 2027-01-01T00:00:00Z",
        "2026-03-10T10:30:00Z, 100.01, 2026-03-10T10:30:00Z",
    })
    void itCanBeReturnedForSevenDaysOfItsMonthUnlessItIsLarge(Instant start, String commitment, Instant until) {
        PurchasedCommitment plan = plan(start, commitment);
        assertThat(SavingsPlanReturn.returnableUntil(plan)).isEqualTo(until);
        assertThat(refusal(plan, 0, until).code()).isEqualTo(ErrorCode.INCORRECT_COMMITMENT_STATE);
        if (until.isAfter(start)) {
            assertThat(SavingsPlanReturn.decide(plan, 9, until.minusNanos(1_000)))
                    .isInstanceOf(Outcome.Done.class);
        }
    }

    @Test
    void oneThatWasReturnedNeverPaidForAnything() {
        Instant start = Instant.parse("2026-03-10T10:30:00Z");
        Instant later = start.plus(Duration.ofDays(2));
        PurchasedCommitment returned =
                SavingsPlanReturn.decide(plan(start, "0.5"), 0, later).orThrow();
        assertThat(returned.stateAt(later)).isEqualTo(State.RETURNED);
        assertThat(returned.term().hours()).isZero();
        assertThat(returned.version()).isEqualTo(2);
        assertThat(refusal(returned, 0, later).code()).isEqualTo(ErrorCode.INCORRECT_COMMITMENT_STATE);
    }

    @Test
    void tenAreReturnedInAYearAndOneThatIsQueuedIsDeletedInstead() {
        Instant start = Instant.parse("2026-03-10T10:30:00Z");
        PurchasedCommitment plan = plan(start, "0.5");
        assertThat(refusal(plan, 10, start).code()).isEqualTo(ErrorCode.SAVINGS_PLAN_RETURN_LIMIT_EXCEEDED);
        assertThat(refusal(plan, 0, start.minusSeconds(1)).code()).isEqualTo(ErrorCode.INCORRECT_COMMITMENT_STATE);
        assertThat(SavingsPlanReturn.yearOf(start)).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    }

    private static Refusal refusal(PurchasedCommitment plan, int earlier, Instant now) {
        return ((Outcome.Refused<PurchasedCommitment>) SavingsPlanReturn.decide(plan, earlier, now)).refusal();
    }

    private static PurchasedCommitment plan(Instant start, String commitment) {
        return new PurchasedCommitment(
                "plan",
                new AccountId("123456789012"),
                new Terms.ComputeSavingsPlan(1, PaymentOption.NO_UPFRONT, HourlyRate.of(commitment)),
                start,
                start,
                null,
                1);
    }
}
