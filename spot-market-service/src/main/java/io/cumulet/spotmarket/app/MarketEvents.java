package io.cumulet.spotmarket.app;

import java.time.Instant;
import java.util.List;

/** What the market tells the others, in the transaction of what it tells of. */
public interface MarketEvents {

    /** Tells news, in this order. */
    void tell(List<MarketNews> news, Instant at);
}
