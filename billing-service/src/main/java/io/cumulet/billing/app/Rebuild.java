package io.cumulet.billing.app;

import io.cumulet.billing.domain.metering.Fact;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Makes usage anew from the topics and publishes nothing: what was lost or spoiled in the database comes back as it was
 * told. Metering waits meanwhile; bills show the old state until the new one is committed, as a whole.
 *
 * <p>Events that metering hasn't taken in yet are left to it, so that it publishes what follows from them.
 */
@ApplicationScoped
public class Rebuild {

    private static final int TIMEOUT_SECONDS = 3_600;

    private final History history;
    private final Metering metering;
    private final SpotPriceStore spotPrices;
    private final RebuildStore store;

    public Rebuild(History history, Metering metering, SpotPriceStore spotPrices, RebuildStore store) {
        this.history = history;
        this.metering = metering;
        this.spotPrices = spotPrices;
        this.store = store;
    }

    /** How much was taken in again. */
    public record Result(long facts, long spotPrices) {}

    public Result run() {
        return QuarkusTransaction.requiringNew().timeout(TIMEOUT_SECONDS).call(() -> {
            store.begin();
            Taking taking = new Taking();
            history.tell(taking);
            store.finish();
            return new Result(taking.facts, taking.prices);
        });
    }

    private final class Taking implements History.Reader {
        private long facts;
        private long prices;

        @Override
        public void facts(List<Fact> told, boolean taken) {
            List<Fact> ours = taken ? told : store.knownBefore(told);
            metering.restore(ours);
            facts += ours.size();
        }

        @Override
        public void spotPrices(List<SpotPrice> told) {
            spotPrices.add(told);
            prices += told.size();
        }
    }
}
