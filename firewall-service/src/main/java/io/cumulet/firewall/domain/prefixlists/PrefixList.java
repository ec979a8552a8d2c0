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
 * @param version counts up by one with each change of any kind, from 1
 * @param entriesVersion counts up by one with each change of entries, from 1: what EC2 calls the list's version
 * @param state what was done last
 */
public record PrefixList(
        String id,
        AccountId account,
        Region region,
        String name,
        IpFamily family,
        int maxEntries,
        long version,
        long entriesVersion,
        State state,
        Instant createdAt,
        List<Entry> entries,
        Map<String, String> tags) {

    public PrefixList {
        entries = List.copyOf(entries);
        tags = Map.copyOf(tags);
    }

    /** How many versions of its entries are kept; EC2's quota, beyond which the oldest goes. */
    public static final int MOST_VERSIONS = 1_000;

    /** What was done last, by EC2's names; all of it is done at once. */
    public enum State {
        CREATED("create-complete"),
        MODIFIED("modify-complete"),
        RESTORED("restore-complete"),
        DELETED("delete-complete");

        private final String code;

        State(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }

        /** @throws IllegalArgumentException if there is none of this name */
        public static State of(String code) {
            for (State state : values()) {
                if (state.code.equals(code)) {
                    return state;
                }
            }
            throw new IllegalArgumentException("No state of a prefix list: " + code);
        }
    }

    /** One block of the list. */
    public record Entry(Cidr cidr, @Nullable String description) {}

    public List<Cidr> blocks() {
        return entries.stream().map(Entry::cidr).toList();
    }

    /** The next version. */
    PrefixList next(
            State done, String newName, int newMaxEntries, List<Entry> newEntries, Map<String, String> newTags) {
        return new PrefixList(
                id,
                account,
                region,
                newName,
                family,
                newMaxEntries,
                version + 1,
                newEntries.equals(entries) ? entriesVersion : entriesVersion + 1,
                done,
                createdAt,
                newEntries,
                newTags);
    }

    /** The version that tells of its deletion. */
    public PrefixList deleted() {
        return next(State.DELETED, name, maxEntries, entries, tags);
    }
}
