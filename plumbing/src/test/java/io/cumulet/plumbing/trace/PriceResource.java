package io.cumulet.plumbing.trace;

import io.cumulet.contract.EventType;
import io.cumulet.contract.SpotPriceSnapshot;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.outbox.NewEvent;
import io.cumulet.plumbing.outbox.Outbox;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.time.Instant;

/** A resource of the tests' own: publishes an event about a key. */
@Path("/v1/traced/{key}")
public class PriceResource {

    private final Outbox outbox;

    PriceResource(Outbox outbox) {
        this.outbox = outbox;
    }

    @POST
    public void publish(@PathParam("key") String key) {
        QuarkusTransaction.requiringNew().run(() -> outbox.append(price(key)));
    }

    static NewEvent price(String key) {
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        return new NewEvent(
                EventType.SPOT_PRICE_CHANGED,
                key,
                AccountId.OPERATOR,
                new Region("us-east-1"),
                1,
                at,
                null,
                new SpotPriceSnapshot("us-east-1a", "m4.large", "linux", 1, "0.1", at));
    }
}
