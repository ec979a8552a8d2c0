package io.cumulet.spotmarket.publish;

import io.cumulet.contract.EventType;
import io.cumulet.contract.SpotFleetSnapshot;
import io.cumulet.contract.SpotInterruption;
import io.cumulet.plumbing.outbox.NewEvent;
import io.cumulet.plumbing.outbox.Outbox;
import io.cumulet.spotmarket.app.fleets.FleetEvents;
import io.cumulet.spotmarket.domain.fleets.Fleet;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.cumulet.spotmarket.domain.requests.Terms;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Objects;

/** Puts news of fleets into the outbox. */
@ApplicationScoped
class FleetPublisher implements FleetEvents {

    private final Outbox outbox;

    FleetPublisher(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public void changed(Fleet fleet, Instant at) {
        outbox.append(new NewEvent(
                EventType.SPOT_FLEET_CHANGED,
                fleet.id(),
                fleet.account(),
                fleet.region(),
                fleet.version(),
                at,
                null,
                new SpotFleetSnapshot(
                        fleet.id(),
                        fleet.account().value(),
                        fleet.region().value(),
                        fleet.version(),
                        fleet.terms().type().code(),
                        fleet.state().code(),
                        fleet.activity().code(),
                        fleet.target().toPlainString(),
                        fleet.fulfilled().toPlainString(),
                        fleet.createdAt(),
                        at,
                        fleet.onDemand().target().toPlainString(),
                        fleet.onDemand().fulfilled().toPlainString())));
    }

    /** An eviction without a warning. */
    @Override
    public void gaveUp(SpotRequest request, Instant at) {
        String instanceId = Objects.requireNonNull(request.progress().instanceId());
        PoolId pool = request.terms().pool();
        outbox.append(new NewEvent(
                EventType.SPOT_EVICTED,
                instanceId,
                request.account(),
                pool.zone().region(),
                request.progress().told(),
                at,
                null,
                new SpotInterruption(
                        instanceId,
                        request.id(),
                        request.account().value(),
                        pool.zone().region().value(),
                        pool.zone().value(),
                        pool.type().value(),
                        pool.os().code(),
                        SpotInterruption.FLEET,
                        Terms.InterruptionBehavior.TERMINATE.code(),
                        at,
                        at)));
    }
}
