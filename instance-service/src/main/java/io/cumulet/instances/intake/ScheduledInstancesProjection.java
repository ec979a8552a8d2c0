package io.cumulet.instances.intake;

import io.cumulet.contract.Topic;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.rebuild.CopyProjection;
import io.cumulet.plumbing.rebuild.CopyTables;
import jakarta.inject.Singleton;
import java.util.List;

/** Our copy of the Scheduled Reserved Instances that billing has sold. */
@Singleton
class ScheduledInstancesProjection extends CopyProjection {

    private final CommitmentsIntake commitments;

    ScheduledInstancesProjection(CopyTables tables, CommitmentsIntake commitments) {
        super(tables, commitments, Topic.BILLING_COMMITMENTS, "scheduled_instance_copy", "scheduled_instance_id");
        this.commitments = commitments;
    }

    @Override
    protected void put(List<IncomingEvent> events) {
        commitments.apply(events);
    }
}
