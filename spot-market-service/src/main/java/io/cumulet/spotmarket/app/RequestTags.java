package io.cumulet.spotmarket.app;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceTags;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tags of requests: their owners want them, the market doesn't. A request has those of its instances until it is given its
 * own.
 */
@ApplicationScoped
public class RequestTags {

    private final Store store;
    private final SpotRequests requests;

    public RequestTags(Store store, SpotRequests requests) {
        this.store = store;
        this.requests = requests;
    }

    /** Where they are kept. Changes belong to the running transaction. */
    public interface Store {

        void set(Collection<String> requestIds, Map<String, String> tags);

        /** By request; those that have their instances' are left out. Locked against other changes of tags if told so. */
        Map<String, Map<String, String>> find(Collection<String> requestIds);

        /** Lets nobody else change a request's tags until the transaction ends. */
        void lock(String requestId);
    }

    /** @throws io.cumulet.kernel.RefusedException for tags that EC2 wouldn't take */
    public static void check(String field, @Nullable Map<String, String> tags) {
        if (tags != null) {
            ResourceTags.fault(field, tags).ifPresent(fault -> {
                throw fault.asException();
            });
        }
    }

    /**
     * Tags as a patch leaves them: one with null as value is removed.
     *
     * @throws io.cumulet.kernel.RefusedException for tags that EC2 wouldn't take
     */
    public static Map<String, String> patched(
            Map<String, String> before, @Nullable Map<String, @Nullable String> patch) {
        return ResourceTags.patched("tags", before, patch).orThrow();
    }

    /** Sets tags of a request; see {@link #patched}. */
    @Transactional
    public Outcome<SpotRequest> patch(
            AccountId account, Region region, String requestId, @Nullable Map<String, @Nullable String> patch) {
        return requests.find(account, region, requestId).map(request -> {
            store.lock(requestId);
            Map<String, String> before = new Tags(store.find(List.of(requestId))).of(request);
            store.set(List.of(requestId), patched(before, patch));
            return request;
        });
    }

    /** The tags of each request. */
    @Transactional
    public Tags of(List<SpotRequest> some) {
        return new Tags(store.find(some.stream().map(SpotRequest::id).toList()));
    }

    /** Answers for the requests it was made for. */
    public record Tags(Map<String, Map<String, String>> own) {

        public Map<String, String> of(SpotRequest request) {
            return own.getOrDefault(request.id(), request.terms().launch().tags());
        }
    }
}
