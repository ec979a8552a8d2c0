package io.cumulet.firewall.domain.prefixlists;

import io.cumulet.firewall.domain.prefixlists.PrefixList.Entry;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A prefix list that is asked for.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateManagedPrefixList.html">
 *     CreateManagedPrefixList</a>
 */
public record PrefixListWish(
        String name, IpFamily family, int maxEntries, List<Entry> entries, Map<String, String> tags) {

    public PrefixList list(String id, AccountId account, Region region, Instant now) {
        return new PrefixList(
                id, account, region, name, family, maxEntries, 1, 1, PrefixList.State.CREATED, now, entries, tags);
    }
}
