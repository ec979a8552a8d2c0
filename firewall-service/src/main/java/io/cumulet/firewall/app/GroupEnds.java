package io.cumulet.firewall.app;

import io.cumulet.firewall.domain.groups.SecurityGroup;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;

/** The end of a group: the one place where it leaves the store, and everybody hears of it. */
@ApplicationScoped
public class GroupEnds {

    private final GroupStore store;
    private final GroupEvents events;
    private final Rulesets rulesets;
    private final InstantSource clock;

    public GroupEnds(GroupStore store, GroupEvents events, Rulesets rulesets, InstantSource clock) {
        this.store = store;
        this.events = events;
        this.rulesets = rulesets;
        this.clock = clock;
    }

    /** Ends a locked group in the running transaction. */
    SecurityGroup end(SecurityGroup group) {
        SecurityGroup last = group.next();
        store.delete(last);
        events.deleted(last, clock.instant());
        rulesets.groupChanged(group, null);
        return last;
    }
}
