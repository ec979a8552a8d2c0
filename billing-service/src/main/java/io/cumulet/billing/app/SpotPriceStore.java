package io.cumulet.billing.app;

import io.cumulet.billing.domain.billing.SpotPool;
import io.cumulet.kernel.Interval;
import java.util.List;
import java.util.Set;

/** Keeps the history of spot prices. */
public interface SpotPriceStore {

    /** Adds prices that aren't there yet, in the running transaction. */
    void add(List<SpotPrice> prices);

    /** Empties the history; nobody else writes it until the running transaction ends. */
    void clear();

    /** The prices of pools that are in force at some moment of a period, by time and version. */
    List<SpotPrice> pricesDuring(Set<SpotPool> pools, Interval period);
}
