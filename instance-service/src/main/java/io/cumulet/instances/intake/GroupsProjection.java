package io.cumulet.instances.intake;

import io.cumulet.contract.Topic;
import io.cumulet.instances.app.Copies;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.rebuild.CopyProjection;
import io.cumulet.plumbing.rebuild.CopyTables;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Our copy of the firewall's groups. Which of them take no new attachments nothing on Kafka tells, so that is remembered while
 * the rest is made anew.
 */
@Singleton
class GroupsProjection extends CopyProjection {

    private final GroupsIntake groups;
    private final Copies copies;

    GroupsProjection(CopyTables tables, GroupsIntake groups, Copies copies) {
        super(tables, groups, Topic.FIREWALL_GROUPS, "security_group_copy", "group_id");
        this.groups = groups;
        this.copies = copies;
    }

    @Override
    public void begin() {
        copies.setRetiredGroupsAside();
        super.begin();
    }

    @Override
    protected void put(List<IncomingEvent> events) {
        groups.apply(events);
    }

    @Override
    public void finish() {
        copies.putRetiredGroupsBack();
    }
}
