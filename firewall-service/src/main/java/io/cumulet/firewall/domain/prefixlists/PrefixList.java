package io.cumulet.firewall.domain.prefixlists;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A prefix list with its entries. Immutable.
 *
 * @param maxEntries how many entries it may have; as many rules a rule counts that names it
 * @param version counts up by one with each change, from 1
 */
public record PrefixList(
        String id,
        AccountId account,
        Region region,
        String name,
        IpFamily family,
        int maxEntries,
        long version,
        Instant createdAt,
        List<Entry> entries,
        Map<String, String> tags) {

    public PrefixList {
        entries = List.copyOf(entries);
        tags = Map.copyOf(tags);
    }

    /** One block of the list. */
    public record Entry(Cidr cidr, @Nullable String description) {}

    public List<Cidr> blocks() {
        return entries.stream().map(Entry::cidr).toList();
    }

    /** The next version. */
    PrefixList next(String newName, int newMaxEntries, List<Entry> newEntries, Map<String, String> newTags) {
        return new PrefixList(
                id, account, region, newName, family, newMaxEntries, version + 1, createdAt, newEntries, newTags);
    }

    /** The version that tells of its deletion. */
    public PrefixList deleted() {
        return next(name, maxEntries, entries, tags);
    }
}
