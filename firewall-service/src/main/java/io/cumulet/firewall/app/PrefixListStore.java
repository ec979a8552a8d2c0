package io.cumulet.firewall.app;

import io.cumulet.firewall.domain.groups.Peers.ListSize;
import io.cumulet.firewall.domain.prefixlists.PrefixList;
import io.cumulet.firewall.domain.prefixlists.PrefixList.Entry;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where prefix lists are kept. Every call is part of the running transaction and sees one account and region alone. */
public interface PrefixListStore {

    /**
     * Which lists.
     *
     * @param ids any of these; all if empty
     * @param names any of these; all if empty
     * @param tags for each key any of its values
     */
    record ListFilter(List<String> ids, List<String> names, Map<String, List<String>> tags) {}

    Optional<PrefixList> find(AccountId account, Region region, String id);

    /** In the order of ids, those after the given one. */
    List<PrefixList> list(AccountId account, Region region, ListFilter filter, @Nullable String afterId, int limit);

    long count(AccountId account, Region region);

    /** A list, for a change or its deletion: nobody else changes it or comes to name it until the transaction ends. */
    Optional<PrefixList> lock(AccountId account, Region region, String id);

    /** Family and size of those of the lists that exist; none of them is resized or deleted until the transaction ends. */
    Map<String, ListSize> keepSizes(AccountId account, Region region, Collection<String> ids);

    /** The entries of a version of a list that is there; nothing if that version isn't kept. */
    Optional<List<Entry>> entries(PrefixList list, long entriesVersion);

    void insert(PrefixList list);

    /** Keeps a list's next version, of a locked list; new entries as well as the versions before, up to so many as are kept. */
    void keep(PrefixList after);

    void delete(PrefixList last);
}
