package io.cumulet.instances.intake;

import io.cumulet.contract.Topic;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.rebuild.CopyProjection;
import io.cumulet.plumbing.rebuild.CopyTables;
import jakarta.inject.Singleton;
import java.util.List;

/** Our copy of the firewall's groups. */
@Singleton
class GroupsProjection extends CopyProjection {

    private final GroupsIntake groups;

    GroupsProjection(CopyTables tables, GroupsIntake groups) {
        super(tables, groups, Topic.FIREWALL_GROUPS, "security_group_copy", "group_id");
        this.groups = groups;
    }

    @Override
    protected void put(List<IncomingEvent> events) {
        groups.apply(events);
    }
}
