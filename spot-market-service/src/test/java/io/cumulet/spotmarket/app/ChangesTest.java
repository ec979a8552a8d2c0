package io.cumulet.spotmarket.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.domain.clearing.Clearing;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.cumulet.spotmarket.domain.requests.Terms;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChangesTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void whatInstancesHaveToHearIsToldFirstAndInItsOrder() {
        Changes changes = new Changes();
        for (String id : List.of("sir-1", "sir-2")) {
            SpotRequest running = running(id);
            SpotRequest warned = running.warned(Clearing.Reason.PRICE, NOON);
            changes.change(running, warned, null);
            changes.warned(warned, null);
            changes.evict(warned);
        }

        assertThat(changes.news())
                .extracting(ChangesTest::name)
                .containsExactly(
                        "warned sir-1",
                        "evicted sir-1",
                        "warned sir-2",
                        "evicted sir-2",
                        "changed sir-1",
                        "changed sir-2");
    }

    private static String name(MarketNews news) {
        return switch (news) {
            case MarketNews.Warned warned -> "warned " + warned.request().id();
            case MarketNews.Evicted evicted -> "evicted " + evicted.request().id();
            case MarketNews.RequestChanged changed ->
                "changed " + changed.request().id();
            case MarketNews.PriceChanged price -> "price";
            case MarketNews.Allocated allocated -> "allocated";
            case MarketNews.RebalanceRecommended recommended -> "recommended";
            case MarketNews.RequestEnded ended -> "ended";
        };
    }

    private static SpotRequest running(String id) {
        Terms terms = new Terms(
                PoolId.parse("us-east-1a/m4.large/linux"),
                HourlyRate.of("0.05"),
                Terms.Kind.ONE_TIME,
                Terms.InterruptionBehavior.TERMINATE,
                null,
                null,
                NOON,
                new Terms.Launch("ami-1", null, null, List.of(), Map.of(), false),
                Terms.Membership.NONE);
        return SpotRequest.adopt(id, new AccountId("123456789012"), terms, "i-" + id)
                .instanceRuns("i-" + id);
    }
}
