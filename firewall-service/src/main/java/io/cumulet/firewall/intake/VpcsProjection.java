package io.cumulet.firewall.intake;

import io.cumulet.contract.Topic;
import io.cumulet.firewall.app.Vpcs;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.rebuild.CopyProjection;
import io.cumulet.plumbing.rebuild.CopyTables;
import jakarta.inject.Singleton;
import java.util.List;

/** Which VPCs there are. */
@Singleton
class VpcsProjection extends CopyProjection {

    private final Vpcs vpcs;

    VpcsProjection(CopyTables tables, VpcsIntake intake, Vpcs vpcs) {
        super(tables, intake, Topic.NETWORKS_VPCS, "vpc_copy", "vpc_id");
        this.vpcs = vpcs;
    }

    @Override
    protected void put(List<IncomingEvent> events) {
        vpcs.restore(events.stream().map(VpcsIntake::vpc).toList());
    }
}
