package io.cumulet.firewall.app;

import io.cumulet.firewall.app.PrefixListStore.ListFilter;
import io.cumulet.firewall.domain.groups.GroupLimits;
import io.cumulet.firewall.domain.groups.Peers.ListSize;
import io.cumulet.firewall.domain.groups.RuleDecisions;
import io.cumulet.firewall.domain.groups.RuleLimits;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.prefixlists.ListsOfAws;
import io.cumulet.firewall.domain.prefixlists.PrefixList;
import io.cumulet.firewall.domain.prefixlists.PrefixList.Entry;
import io.cumulet.firewall.domain.prefixlists.PrefixListChange;
import io.cumulet.firewall.domain.prefixlists.PrefixListDecisions;
import io.cumulet.firewall.domain.prefixlists.PrefixListWish;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Peer;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.idempotency.Claim;
import io.cumulet.plumbing.idempotency.ClientTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Making, finding, changing and deleting prefix lists. */
@ApplicationScoped
public class PrefixLists {

    private static final String CREATE = "CreateManagedPrefixList";

    private final PrefixListStore store;
    private final GroupStore groups;
    private final PrefixListEvents events;
    private final Rulesets rulesets;
    private final ClientTokens tokens;
    private final GroupLimits limits;
    private final RuleLimits ruleLimits;
    private final InstantSource clock;

    public PrefixLists(
            PrefixListStore store,
            GroupStore groups,
            PrefixListEvents events,
            Rulesets rulesets,
            ClientTokens tokens,
            GroupLimits limits,
            RuleLimits ruleLimits,
            InstantSource clock) {
        this.store = store;
        this.groups = groups;
        this.events = events;
        this.rulesets = rulesets;
        this.tokens = tokens;
        this.limits = limits;
        this.ruleLimits = ruleLimits;
        this.clock = clock;
    }

    /**
     * Makes a prefix list.
     *
     * @param clientToken the same token and wish give the same answer, whatever became of the list since
     */
    public Outcome<PrefixList> create(
            AccountId account, Region region, PrefixListWish wish, @Nullable String clientToken) {
        Optional<Refusal> fault = PrefixListDecisions.fault(wish);
        if (fault.isPresent()) {
            return Outcome.refused(fault.get());
        }
        return Transactions.decide(() -> switch (tokens.claim(account, region, CREATE, clientToken, wish)) {
            case Claim.Mismatch(Refusal refusal) -> Outcome.refused(refusal);
            case Claim.Repeat(String made) -> {
                int space = made.indexOf(' ');
                yield Outcome.done(
                        wish.list(made.substring(0, space), account, region, Instant.parse(made.substring(space + 1))));
            }
            case Claim.Fresh() -> createFresh(account, region, wish, clientToken);
        });
    }

    private Outcome<PrefixList> createFresh(
            AccountId account, Region region, PrefixListWish wish, @Nullable String clientToken) {
        groups.lockOwner(account, region);
        if (store.count(account, region) >= limits.prefixListsPerRegion()) {
            return Outcome.refused(Refusal.of(
                    ErrorCode.PREFIX_LIST_LIMIT_EXCEEDED,
                    "An account has at most " + limits.prefixListsPerRegion() + " prefix lists in a region"));
        }
        Instant now = clock.instant();
        PrefixList list = wish.list(ResourceKind.PREFIX_LIST.newId(), account, region, now);
        store.insert(list);
        events.created(list, now);
        tokens.complete(account, region, CREATE, clientToken, list.id() + " " + now);
        return Outcome.done(list);
    }

    public Outcome<PrefixList> find(AccountId account, Region region, String id) {
        return Transactions.read(() -> store.find(account, region, id))
                .map(Outcome::done)
                .orElseGet(() -> Outcome.refused(notFound(id)));
    }

    public List<PrefixList> list(
            AccountId account, Region region, ListFilter filter, @Nullable String afterId, int limit) {
        return Transactions.read(() -> store.list(account, region, filter, afterId, limit));
    }

    /** Changes entries, name, size or tags: all that is asked for, or nothing. */
    public Outcome<PrefixList> modify(AccountId account, Region region, String id, PrefixListChange change) {
        if (ListsOfAws.has(region, id)) {
            return Outcome.refused(ofAws(id));
        }
        return Transactions.decide(() -> {
            if (change.maxEntries() != null) {
                // Two lists that one group names are resized one after the other.
                groups.lockOwner(account, region);
            }
            Optional<PrefixList> before = store.lock(account, region, id);
            if (before.isEmpty()) {
                return Outcome.refused(notFound(id));
            }
            return PrefixListDecisions.modify(before.get(), change).flatMap(after -> {
                Optional<Refusal> noRoom =
                        after.maxEntries() > before.get().maxEntries() ? noRoom(after) : Optional.empty();
                return noRoom.<Outcome<PrefixList>>map(Outcome::refused)
                        .orElseGet(() -> Outcome.done(changed(before.get(), after)));
            });
        });
    }

    /** Gives a list the entries that it had in a version before. */
    public Outcome<PrefixList> restore(
            AccountId account, Region region, String id, long previousVersion, long currentVersion) {
        if (ListsOfAws.has(region, id)) {
            return Outcome.refused(ofAws(id));
        }
        return Transactions.decide(() -> {
            Optional<PrefixList> list = store.lock(account, region, id);
            if (list.isEmpty()) {
                return Outcome.refused(notFound(id));
            }
            return PrefixListDecisions.restore(
                            list.get(),
                            currentVersion,
                            store.entries(list.get(), previousVersion).orElse(null))
                    .map(after -> changed(list.get(), after));
        });
    }

    /** @param version null: the one it has now */
    public Outcome<List<Entry>> entries(AccountId account, Region region, String id, @Nullable Long version) {
        return Transactions.read(() -> store.find(account, region, id)
                .map(list -> version == null
                        ? Outcome.done(list.entries())
                        : store.entries(list, version)
                                .map(Outcome::done)
                                .orElseGet(() -> Outcome.refused(
                                        ErrorCode.INVALID_PARAMETER_VALUE,
                                        "version",
                                        "The prefix list has no version " + version)))
                .orElseGet(() -> Outcome.refused(notFound(id))));
    }

    /** Ids of the groups with a rule that names a list. */
    public Outcome<List<String>> groupsThatName(AccountId account, Region region, String id) {
        return Transactions.read(() -> store.find(account, region, id).isPresent()
                ? Outcome.done(groups.namingList(account, region, id).stream()
                        .map(SecurityGroup::id)
                        .toList())
                : Outcome.refused(notFound(id)));
    }

    private PrefixList changed(PrefixList before, PrefixList after) {
        store.keep(after);
        events.changed(after, clock.instant());
        if (!after.blocks().equals(before.blocks())) {
            rulesets.prefixListChanged(after.account(), after.region(), after.id());
        }
        return after;
    }

    /** A group that names the list and would have too many rules, were the list as large as that. */
    private Optional<Refusal> noRoom(PrefixList larger) {
        List<SecurityGroup> naming = groups.namingList(larger.account(), larger.region(), larger.id());
        TreeSet<String> listIds = new TreeSet<>();
        for (SecurityGroup group : naming) {
            for (Direction direction : Direction.values()) {
                for (Rule rule : group.rules(direction)) {
                    if (rule.peer() instanceof Peer.OfPrefixList(String listId)) {
                        listIds.add(listId);
                    }
                }
            }
        }
        Map<String, ListSize> sizes = new HashMap<>(store.keepSizes(larger.account(), larger.region(), listIds));
        sizes.put(larger.id(), new ListSize(larger.family(), larger.maxEntries()));
        for (SecurityGroup group : naming) {
            for (Direction direction : Direction.values()) {
                int weight = RuleDecisions.weight(group.rules(direction), sizes);
                if (weight > ruleLimits.rulesPerDirection()) {
                    return Optional.of(Refusal.of(
                            ErrorCode.RULES_PER_SECURITY_GROUP_LIMIT_EXCEEDED,
                            "maxEntries",
                            "The security group '" + group.id() + "' names the list and would have " + weight + " "
                                    + direction.code() + " rules; a group has at most "
                                    + ruleLimits.rulesPerDirection()));
                }
            }
        }
        return Optional.empty();
    }

    /** Deletes a list that no rule names. */
    public Outcome<PrefixList> delete(AccountId account, Region region, String id) {
        if (ListsOfAws.has(region, id)) {
            return Outcome.refused(ofAws(id));
        }
        return Transactions.decide(() -> {
            Optional<PrefixList> list = store.lock(account, region, id);
            if (list.isEmpty()) {
                return Outcome.refused(notFound(id));
            }
            List<SecurityGroup> naming = groups.namingList(account, region, id);
            if (!naming.isEmpty()) {
                return Outcome.refused(
                        ErrorCode.PREFIX_LIST_IN_USE,
                        "prefixListId",
                        "The prefix list '" + id + "' is named by a rule of "
                                + naming.getFirst().id());
            }
            PrefixList last = list.get().deleted();
            store.delete(last);
            events.deleted(last, clock.instant());
            return Outcome.done(last);
        });
    }

    private static Refusal ofAws(String id) {
        return Refusal.of(
                ErrorCode.UNSUPPORTED_OPERATION,
                "prefixListId",
                "The prefix list '" + id + "' is AWS' own: it can't be changed");
    }

    private static Refusal notFound(String id) {
        return Refusal.of(
                ErrorCode.PREFIX_LIST_NOT_FOUND, "prefixListId", "The prefix list '" + id + "' does not exist");
    }
}
