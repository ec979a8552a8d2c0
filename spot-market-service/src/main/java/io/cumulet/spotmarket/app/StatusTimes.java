package io.cumulet.spotmarket.app;

import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** When the status of a request changed last: its owner wants to know, the market doesn't. */
@ApplicationScoped
public class StatusTimes implements RequestWatch {

    private final Store store;
    private final StackClock clock;

    public StatusTimes(Store store, StackClock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Where it is kept. Changes belong to the running transaction. */
    public interface Store {

        void changed(Collection<String> requestIds, Instant at);

        /** By request; those whose status is as it was when they were made are left out. */
        Map<String, Instant> find(Collection<String> requestIds);
    }

    @Override
    public void changed(List<Change> changes) {
        Instant now = clock.instant();
        Set<String> changed = new LinkedHashSet<>();
        for (Change change : changes) {
            SpotRequest before = change.before();
            SpotRequest after = change.after();
            boolean isNews = before != null
                    && before.progress().status() != after.progress().status();
            // At the moment it is made a request changes at once, as its pool is cleared.
            if (isNews && now.isAfter(after.terms().createdAt())) {
                changed.add(after.id());
            }
        }
        if (!changed.isEmpty()) {
            store.changed(changed, now);
        }
    }

    /** When the status of each request became what it is. */
    @Transactional
    public Times of(List<SpotRequest> requests) {
        return new Times(store.find(requests.stream().map(SpotRequest::id).toList()));
    }

    /** Answers for the requests it was made for. */
    public record Times(Map<String, Instant> changed) {

        public Instant of(SpotRequest request) {
            return changed.getOrDefault(request.id(), request.terms().createdAt());
        }
    }
}
