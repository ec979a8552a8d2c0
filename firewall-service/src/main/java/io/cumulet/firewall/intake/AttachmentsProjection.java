package io.cumulet.firewall.intake;

import io.cumulet.contract.Topic;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.rebuild.CopyProjection;
import jakarta.inject.Singleton;
import java.util.List;
import javax.sql.DataSource;

/** Which instance has which groups, and which address. */
@Singleton
class AttachmentsProjection extends CopyProjection {

    private final LifecycleIntake lifecycle;

    AttachmentsProjection(DataSource dataSource, LifecycleIntake lifecycle) {
        super(dataSource, lifecycle, Topic.INSTANCES_LIFECYCLE, "attachment", "instance_id");
        this.lifecycle = lifecycle;
    }

    @Override
    protected void put(List<IncomingEvent> events) {
        lifecycle.apply(events);
    }
}
