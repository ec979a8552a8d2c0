package io.cumulet.firewall.app;

import io.cumulet.firewall.app.MemberStore.Change;
import io.cumulet.firewall.app.MemberStore.Told;
import io.cumulet.firewall.domain.groups.Member;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
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
        List<Change> filtered = changes.values().stream()
                .map(Members::ofFilters)
                .filter(change -> !change.before().equals(change.after()))
                .toList();
        if (!filtered.isEmpty()) {
            rulesets.membersChanged(filtered);
        }
    }

    /** What is nothing to hosts, as that an instance runs now, didn't change for them. */
    private static Change ofFilters(Change change) {
        Map<String, Member> after = new HashMap<>();
        change.after().forEach(member -> after.put(member.interfaceId(), member));
        return new Change(
                change.before().stream()
                        .map(was -> {
                            Member is = after.get(was.interfaceId());
                            return is != null && is.isFilteredAs(was) ? is : was;
                        })
                        .toList(),
                change.after());
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
