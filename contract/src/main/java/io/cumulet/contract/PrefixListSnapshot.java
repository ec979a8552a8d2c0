package io.cumulet.contract;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A prefix list as it is after the event; after a deletion, as it last was. Key: prefix list id.
 *
 * @param addressFamily {@code IPv4} or {@code IPv6}
 * @param maxEntries how many entries it may have; each rule that names it counts as so many rules
 * @param version counts up by one with each event of the list, from 1
 */
public record PrefixListSnapshot(
        String prefixListId,
        String account,
        String region,
        long version,
        Instant occurredAt,
        String name,
        String addressFamily,
        int maxEntries,
        List<Entry> entries,
        Map<String, String> tags) {

    /** One block of the list. */
    public record Entry(String cidr, @Nullable String description) {}
}
