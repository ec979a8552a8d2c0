package io.cumulet.firewall.intake;

import io.cumulet.contract.Topic;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.rebuild.CopyProjection;
import io.cumulet.plumbing.rebuild.CopyTables;
import jakarta.inject.Singleton;
import java.util.List;

/** Which instance has which groups, and which address. */
@Singleton
class AttachmentsProjection extends CopyProjection {

    private final LifecycleIntake lifecycle;

    AttachmentsProjection(CopyTables tables, LifecycleIntake lifecycle) {
        super(tables, lifecycle, Topic.INSTANCES_LIFECYCLE, "attachment", "instance_id");
        this.lifecycle = lifecycle;
    }

    @Override
    protected void put(List<IncomingEvent> events) {
        lifecycle.apply(events);
    }
}
