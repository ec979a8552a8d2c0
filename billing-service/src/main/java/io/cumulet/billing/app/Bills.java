package io.cumulet.billing.app;

import io.cumulet.billing.domain.billing.Bill;
import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Shows the bill of a month. */
@ApplicationScoped
public class Bills {

    private final Charging charging;
    private final InstantSource clock;

    public Bills(Charging charging, InstantSource clock) {
        this.charging = charging;
        this.clock = clock;
    }

    /**
     * The bill of what an account used and bought itself in a month.
     *
     * @param region null for all regions
     * @return the bill, or {@code BillNotFound} for a month that hasn't begun
     */
    public Outcome<Bill> bill(AccountId account, @Nullable Region region, YearMonth month) {
        return bill(account, month, charges -> charges.of(account), region);
    }

    /** The bill of what an account pays in a month, for itself and as its organization's management account. */
    public Outcome<Bill> consolidated(AccountId payer, YearMonth month) {
        return bill(payer, month, charges -> charges.paidBy(payer), null);
    }

    private Outcome<Bill> bill(
            AccountId account, YearMonth month, UnaryOperator<Charges> part, @Nullable Region region) {
        Interval period = period(month);
        if (clock.instant().isBefore(period.from())) {
            return Outcome.refused(ErrorCode.BILL_NOT_FOUND, "month", "The month " + month + " has not begun");
        }
        return Outcome.done(Bill.of(part.apply(charging.charges(account, period)), region));
    }

    static Interval period(YearMonth month) {
        return new Interval(startOf(month), startOf(month.plusMonths(1)));
    }

    private static java.time.Instant startOf(YearMonth month) {
        return month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
}
