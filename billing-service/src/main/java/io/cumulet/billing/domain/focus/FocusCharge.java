package io.cumulet.billing.domain.focus;

import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.kernel.Interval;
import org.jspecify.annotations.Nullable;

/**
 * A charge with what its invoice says.
 *
 * @param billingPeriod the month that is invoiced; of a correction, the one it is invoiced with
 * @param invoiceId null while there is no invoice
 * @param isCorrection whether it corrects a month that was invoiced before
 */
public record FocusCharge(
        Charge charge, Interval billingPeriod, @Nullable String invoiceId, boolean isCorrection) {

    /** A charge that isn't on an invoice yet. */
    public static FocusCharge notInvoiced(Charge charge, Interval billingPeriod) {
        return new FocusCharge(charge, billingPeriod, null, false);
    }
}
