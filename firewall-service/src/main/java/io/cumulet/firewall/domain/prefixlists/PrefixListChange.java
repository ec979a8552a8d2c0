package io.cumulet.firewall.domain.prefixlists;

import io.cumulet.firewall.domain.prefixlists.PrefixList.Entry;
import io.cumulet.kernel.Cidr;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of a prefix list.
 *
 * @param currentVersion the version it is thought to have; null if that isn't said
 * @param anyVersion whether it is of whatever version there is, so that none has to be named
 * @param add an entry whose block is there already gets the description
 * @param name null: it stays
 * @param maxEntries null: it stays
 * @param tags by key, the new value, or nothing where the tag goes
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyManagedPrefixList.html">
 *     ModifyManagedPrefixList</a>
 */
public record PrefixListChange(
        @Nullable Long currentVersion,
        boolean anyVersion,
        List<Entry> add,
        List<Cidr> remove,
        @Nullable String name,
        @Nullable Integer maxEntries,
        Map<String, Optional<String>> tags) {

    boolean ofTagsAlone() {
        return !ofEntries() && name == null && maxEntries == null;
    }

    boolean ofEntries() {
        return !add.isEmpty() || !remove.isEmpty();
    }
}
