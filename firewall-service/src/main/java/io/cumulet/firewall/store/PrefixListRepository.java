package io.cumulet.firewall.store;

import io.cumulet.firewall.app.PrefixListBlocks;
import io.cumulet.firewall.app.PrefixListStore;
import io.cumulet.firewall.domain.groups.Peers.ListSize;
import io.cumulet.firewall.domain.prefixlists.ListsOfAws;
import io.cumulet.firewall.domain.prefixlists.PrefixList;
import io.cumulet.firewall.domain.prefixlists.PrefixList.Entry;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.Region;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Prefix lists in PostgreSQL. */
@ApplicationScoped
class PrefixListRepository
        implements PrefixListStore, PrefixListBlocks, PanacheRepositoryBase<PrefixListEntity, String> {

    private static final String OWN = "account = ?1 and region = ?2 and id = ?3";
    private static final String OWN_AMONG = "account = ?1 and region = ?2 and id in ?3";

    @Override
    public Optional<PrefixList> find(AccountId account, Region region, String id) {
        return find(OWN, account.value(), region.value(), id)
                .firstResultOptional()
                .map(PrefixListEntity::list)
                .or(() -> ListsOfAws.find(account, region, id));
    }

    @Override
    public List<PrefixList> list(
            AccountId account, Region region, ListFilter filter, @Nullable String afterId, int limit) {
        SqlFilter where = new SqlFilter(account, region, afterId);
        where.in("id", filter.ids());
        where.in("name", filter.names());
        where.tags(filter.tags());
        List<PrefixList> page = new ArrayList<>();
        for (Object row : where.query(getEntityManager(), "prefix_list", limit, PrefixListEntity.class)
                .getResultList()) {
            page.add(((PrefixListEntity) row).list());
        }
        ListsOfAws.after(account, region, afterId).stream()
                .filter(list -> filter.tags().isEmpty()
                        && (filter.ids().isEmpty() || filter.ids().contains(list.id()))
                        && (filter.names().isEmpty() || filter.names().contains(list.name())))
                .forEach(page::add);
        page.sort(Comparator.comparing(PrefixList::id));
        return page.size() > limit ? page.subList(0, limit) : page;
    }

    @Override
    public long count(AccountId account, Region region) {
        return count("account = ?1 and region = ?2", account.value(), region.value());
    }

    @Override
    public Optional<PrefixList> lock(AccountId account, Region region, String id) {
        return find(OWN, account.value(), region.value(), id)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional()
                .map(PrefixListEntity::list);
    }

    @Override
    public Map<String, ListSize> keepSizes(AccountId account, Region region, Collection<String> ids) {
        Map<String, ListSize> sizes = new HashMap<>();
        if (!ids.isEmpty()) {
            find(OWN_AMONG, Sort.by("id"), account.value(), region.value(), ids)
                    .withLock(LockModeType.PESSIMISTIC_READ)
                    .list()
                    .forEach(row -> sizes.put(row.id, new ListSize(row.family(), row.maxEntries)));
        }
        for (PrefixList list : ofAws(account, region, ids)) {
            sizes.put(list.id(), new ListSize(list.family(), list.maxEntries()));
        }
        return sizes;
    }

    @Override
    public Map<String, List<Cidr>> blocks(AccountId account, Region region, Collection<String> prefixListIds) {
        Map<String, List<Cidr>> blocks = new HashMap<>();
        if (!prefixListIds.isEmpty()) {
            list(OWN_AMONG, account.value(), region.value(), prefixListIds)
                    .forEach(row -> blocks.put(row.id, row.list().blocks()));
        }
        for (PrefixList list : ofAws(account, region, prefixListIds)) {
            blocks.put(list.id(), list.blocks());
        }
        return blocks;
    }

    private static List<PrefixList> ofAws(AccountId account, Region region, Collection<String> ids) {
        return ListsOfAws.after(account, region, null).stream()
                .filter(list -> ids.contains(list.id()))
                .toList();
    }

    @Override
    public Optional<List<Entry>> entries(PrefixList list, long entriesVersion) {
        if (ListsOfAws.has(list.region(), list.id())) {
            return entriesVersion == list.entriesVersion() ? Optional.of(list.entries()) : Optional.empty();
        }
        return Optional.ofNullable(getEntityManager()
                        .find(
                                PrefixListVersionEntity.class,
                                new PrefixListVersionEntity.Key(list.id(), entriesVersion)))
                .map(row -> PrefixListEntity.entries(row.entries));
    }

    @Override
    public void insert(PrefixList list) {
        persist(PrefixListEntity.of(list));
        flush();
        keepEntries(list);
    }

    private void keepEntries(PrefixList list) {
        getEntityManager().persist(PrefixListVersionEntity.of(list));
        getEntityManager()
                .createQuery("delete from PrefixListVersionEntity where prefixListId = :id and version <= :last")
                .setParameter("id", list.id())
                .setParameter("last", list.entriesVersion() - PrefixList.MOST_VERSIONS)
                .executeUpdate();
    }

    @Override
    public void keep(PrefixList after) {
        PrefixListEntity row = findById(after.id());
        if (row == null || row.version != after.version() - 1) {
            throw new IllegalStateException("A prefix list is changed by who holds its lock: " + after.id());
        }
        boolean hasOtherEntries = row.entriesVersion != after.entriesVersion();
        row.keep(after);
        if (hasOtherEntries) {
            keepEntries(after);
        }
    }

    @Override
    public void delete(PrefixList last) {
        delete("id = ?1", last.id());
    }
}
