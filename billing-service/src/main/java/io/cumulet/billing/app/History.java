package io.cumulet.billing.app;

import io.cumulet.billing.domain.metering.Fact;
import java.util.List;

/** All that was ever told, from its beginning. */
public interface History {

    /** Reads everything up to now and hands it to a reader, in order for each instance and pool. */
    void tell(Reader reader);

    /** Hears the history in batches. */
    interface Reader {

        /**
         * Facts.
         *
         * @param taken whether metering is known to have taken them in; otherwise it may have or may still be about to
         */
        void facts(List<Fact> facts, boolean taken);

        void spotPrices(List<SpotPrice> prices);
    }
}
