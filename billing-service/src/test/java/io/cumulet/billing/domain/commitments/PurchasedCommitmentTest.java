package io.cumulet.billing.domain.commitments;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.billing.domain.commitments.PurchasedCommitment.State;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.PaymentOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PurchasedCommitmentTest {

    private static final Instant ORDERED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant STARTS = Instant.parse("2026-02-01T10:20:00Z");
    private static final Instant ENDS = Instant.parse("2027-02-01T10:00:00Z");

    private final PurchasedCommitment queued = new PurchasedCommitment(
            "id",
            new AccountId("123456789012"),
            new Terms.ComputeSavingsPlan(1, PaymentOption.NO_UPFRONT, HourlyRate.of("1")),
            ORDERED,
            STARTS,
            null,
            1);

    @Test
    void itIsActiveFromItsStartOnAndRetiredFromItsEndOn() {
        assertThat(queued.stateAt(STARTS.minusMillis(1))).isEqualTo(State.QUEUED);
        assertThat(queued.stateAt(STARTS)).isEqualTo(State.ACTIVE);
        assertThat(queued.stateAt(ENDS.minusMillis(1))).isEqualTo(State.ACTIVE);
        assertThat(queued.stateAt(ENDS)).isEqualTo(State.RETIRED);
    }

    @Test
    void aYearIs8760HoursFromTheClockHourOfTheStart() {
        assertThat(queued.endsAt()).isEqualTo(ENDS);
    }

    @Test
    void whatWasTakenOutOfTheQueueNeverBegins() {
        PurchasedCommitment cancelled = queued.cancelled(ORDERED.plusSeconds(1));

        assertThat(cancelled.stateAt(STARTS)).isEqualTo(State.QUEUED_DELETED);
        assertThat(cancelled.version()).isEqualTo(2);
    }
}
