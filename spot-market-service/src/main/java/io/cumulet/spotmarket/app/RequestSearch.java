package io.cumulet.spotmarket.app;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds requests by what their owners know of them. */
public interface RequestSearch {

    /** What a list is narrowed to by a field. */
    enum Field {
        REQUEST_ID,
        INSTANCE_ID,
        STATE,
        STATUS,
        KIND,
        LAUNCH_GROUP,
        ZONE_GROUP,
        FLEET_ID,
        INSTANCE_TYPE,
        ZONE
    }

    /**
     * A request is found if each field has one of the values given for it, and each tag too.
     *
     * @param fields values as they are kept; a field that isn't there may have any
     * @param tags by key; likewise
     */
    record Filter(Map<Field, List<String>> fields, Map<String, List<String>> tags) {}

    /**
     * A page of ids of an account's requests, in order.
     *
     * @param after the last id of the page before; null for the first
     */
    List<String> page(AccountId account, Region region, Filter filter, @Nullable String after, int size);

    /** How many requests of an account are open. */
    long countOpen(AccountId account, Region region);
}
