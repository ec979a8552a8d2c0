package io.cumulet.firewall.intake;

import io.cumulet.contract.Topic;
import io.cumulet.firewall.app.Members;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.rebuild.CopyProjection;
import io.cumulet.plumbing.rebuild.CopyTables;
import jakarta.inject.Singleton;
import java.util.List;

/** Which interface is in which groups, with which addresses, and on which host. */
@Singleton
class MembersProjection extends CopyProjection {

    private final Members members;

    MembersProjection(CopyTables tables, LifecycleIntake lifecycle, Members members) {
        super(
                tables,
                lifecycle,
                Topic.INSTANCES_LIFECYCLE,
                "member_instance",
                "instance_id",
                "member",
                "member_address");
        this.members = members;
    }

    @Override
    protected void put(List<IncomingEvent> events) {
        members.restore(events.stream().map(LifecycleIntake::told).toList());
    }

    @Override
    public void finish() {
        members.restored();
    }
}
