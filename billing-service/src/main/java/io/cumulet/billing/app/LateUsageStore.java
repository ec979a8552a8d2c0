package io.cumulet.billing.app;

import io.cumulet.kernel.AccountId;
import java.time.YearMonth;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps which months came to be known otherwise than they may have been invoiced, and which invoices have dealt with that. */
public interface LateUsageStore {

    /** Notes that usage of past months has come to be known, in the running transaction. */
    void note(Map<AccountId, Set<YearMonth>> months);

    /**
     * News of a past month.
     *
     * @param id another one for every piece of news
     */
    record News(AccountId account, YearMonth month, long id) {}

    /** News that a payer's invoices haven't dealt with. */
    List<News> newsFor(AccountId payer, Collection<AccountId> accounts, YearMonth through);

    /** Notes that a payer's invoices have dealt with news, in the running transaction. */
    void billed(AccountId payer, List<News> news);
}
