package io.cumulet.spotmarket.intake;

import io.cumulet.contract.CapacitySnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.rebuild.CopyProjection;
import io.cumulet.plumbing.rebuild.CopyTables;
import io.cumulet.spotmarket.app.Pools;
import jakarta.inject.Singleton;
import java.util.List;

/** The capacity under the pools. Nothing is cleared by a rebuild: the market has seen it all before. */
@Singleton
class CapacityProjection extends CopyProjection {

    private final Pools pools;

    CapacityProjection(CopyTables tables, CapacityIntake capacity, Pools pools) {
        super(tables, capacity, Topic.INSTANCES_CAPACITY, "family_capacity", "family");
        this.pools = pools;
    }

    @Override
    protected void put(List<IncomingEvent> events) {
        for (IncomingEvent event : events) {
            pools.putBack(event.data(CapacitySnapshot.class));
        }
    }
}
