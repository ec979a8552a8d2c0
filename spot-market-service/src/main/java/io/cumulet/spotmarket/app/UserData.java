package io.cumulet.spotmarket.app;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The user data of requests: what an instance's programs are started with may hold secrets, so it is handed to the instance
 * service alone, when it asks, and goes over no topic. It is forgotten once its request launches nothing any more.
 */
@ApplicationScoped
public class UserData implements RequestWatch {

    private final Store store;

    public UserData(Store store) {
        this.store = store;
    }

    /** Where it is kept. Changes belong to the running transaction. */
    public interface Store {

        void keep(Collection<String> requestIds, String userData);

        Optional<String> find(String requestId);

        void forget(Collection<String> requestIds);
    }

    /** Keeps what new requests, or a fleet, came with. */
    public void keep(Collection<String> requestIds, @Nullable String userData) {
        if (userData != null) {
            store.keep(requestIds, userData);
        }
    }

    /** Keeps for new requests what their fleet came with. */
    public void keepAlso(Collection<String> requestIds, String fleetId) {
        store.find(fleetId).ifPresent(userData -> store.keep(requestIds, userData));
    }

    /** What a fleet came with, for its On-Demand Instances; null if nothing, or no more. */
    public @Nullable String of(String fleetId) {
        return store.find(fleetId).orElse(null);
    }

    /** Forgets what a fleet came with. */
    public void forget(String fleetId) {
        store.forget(List.of(fleetId));
    }

    /** The base64 that a request came with, whoever's it is. Refused if there is none, or no more. */
    @Transactional
    public Outcome<String> find(String requestId) {
        return store.find(requestId)
                .map(Outcome::done)
                .orElseGet(() -> Outcome.refused(
                        ErrorCode.SPOT_REQUEST_NOT_FOUND,
                        "spotRequestId",
                        "There is no spot request " + requestId + " with user data"));
    }

    @Override
    public void changed(List<Change> changes) {
        List<String> over = changes.stream()
                .map(Change::after)
                .filter(request -> request.terms().launch().hasUserData())
                .filter(request -> request.isOver() && !request.progress().bid().takesRoom())
                .map(SpotRequest::id)
                .toList();
        if (!over.isEmpty()) {
            store.forget(over);
        }
    }
}
