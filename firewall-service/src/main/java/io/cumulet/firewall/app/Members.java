package io.cumulet.firewall.app;

import io.cumulet.firewall.app.MemberStore.Change;
import io.cumulet.firewall.app.MemberStore.Told;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Learns who is in which group. */
@ApplicationScoped
public class Members {

    private final MemberStore store;
    private final Rulesets rulesets;

    public Members(MemberStore store, Rulesets rulesets) {
        this.store = store;
        this.rulesets = rulesets;
    }

    /** Takes news in the running transaction, in any order and as often as they come: the newest version stands. */
    public void take(Collection<Told> news) {
        Map<String, Change> changes = restore(news);
        if (!changes.isEmpty()) {
            rulesets.membersChanged(changes.values());
        }
    }

    /** All was restored: hosts may have been told otherwise, and are told in full soon. */
    public void restored() {
        rulesets.membersRebuilt();
    }

    /** As {@link #take}, but nobody hears of it. */
    public Map<String, Change> restore(Collection<Told> news) {
        Map<String, Told> newest = new LinkedHashMap<>();
        for (Told one : news) {
            newest.merge(one.instanceId(), one, (a, b) -> a.version() >= b.version() ? a : b);
        }
        return store.take(newest.values());
    }
}
