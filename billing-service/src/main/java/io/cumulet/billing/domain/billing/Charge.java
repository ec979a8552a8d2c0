package io.cumulet.billing.domain.billing;

import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.billing.domain.rating.Category;
import io.cumulet.billing.domain.rating.Costs;
import io.cumulet.billing.domain.rating.RatedRow;
import io.cumulet.billing.domain.rating.RatedSegment;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Region;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one thing costs in consecutive hours, alike in each, with what it is for.
 *
 * @param payer who gets the invoice: the account, or its organization's management account
 * @param thing what was used; null for fees and what is left of commitments
 * @param commitment what pays or is paid for; null if nothing was bought for it
 */
public record Charge(
        AccountId payer,
        RatedSegment segment,
        @Nullable MeteredThing thing,
        @Nullable PurchasedCommitment commitment) {

    public AccountId account() {
        return segment.first().account();
    }

    public Category category() {
        return segment.first().category();
    }

    /** The instance; for a region fee the region; null for the fees of a commitment. */
    public @Nullable String resourceId() {
        return segment.first().resourceId();
    }

    public @Nullable String commitmentId() {
        return segment.first().commitmentId();
    }

    /** The same as something of what was bought: whoever used it, and with whatever. */
    public Charge asOfItsCommitment(PurchasedCommitment bought) {
        RatedRow first = segment.first();
        return new Charge(
                payer,
                new RatedSegment(
                        new RatedRow(
                                first.chargePeriodStart(),
                                bought.account(),
                                first.category(),
                                null,
                                bought.id(),
                                first.seconds(),
                                first.costs()),
                        segment.hours(),
                        segment.rate(),
                        segment.place()),
                null,
                bought);
    }

    /** Where it was used, or what the commitment is bound to; null for a commitment that is bound to none. */
    public @Nullable Region region() {
        if (thing != null) {
            return thing.region();
        }
        if (commitment != null) {
            return commitment.terms().region();
        }
        String region = resourceId();
        return region == null ? null : new Region(region);
    }

    /** The start of the first hour. */
    public Instant from() {
        return segment.first().chargePeriodStart();
    }

    public long hours() {
        return segment.hours();
    }

    public @Nullable HourlyRate rate() {
        return segment.rate();
    }

    /** Of all hours together; null for fees. */
    public @Nullable BigDecimal seconds() {
        BigDecimal each = segment.first().seconds();
        return each == null ? null : each.multiply(BigDecimal.valueOf(hours()));
    }

    /** Of all hours together. */
    public Costs costs() {
        return segment.costs();
    }
}
