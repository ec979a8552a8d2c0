package io.cumulet.firewall.app;

import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.suite.AfterReset;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Every account has a default group in every region. It is made when somebody first looks. */
@ApplicationScoped
public class DefaultGroups implements AfterReset {

    private record Place(AccountId account, Region region) {}

    private final GroupStore store;
    private final GroupEvents events;
    private final InstantSource clock;
    /** Where it is known to be, so that only a first look writes. */
    private final Set<Place> known = ConcurrentHashMap.newKeySet();

    public DefaultGroups(GroupStore store, GroupEvents events, InstantSource clock) {
        this.store = store;
        this.events = events;
        this.clock = clock;
    }

    /** Sees to it that the default group is there. In a transaction of its own: call it before yours. */
    public void ensure(AccountId account, Region region) {
        Place place = new Place(account, region);
        if (known.contains(place)) {
            return;
        }
        QuarkusTransaction.requiringNew().run(() -> {
            Instant now = clock.instant();
            SecurityGroup group = SecurityGroup.defaultOf(account, region, now);
            if (store.insert(group)) {
                events.created(group, now);
            }
        });
        known.add(place);
    }

    @Override
    public void afterReset() {
        known.clear();
    }
}
