package io.cumulet.billing.domain.organizations;

import io.cumulet.billing.domain.rating.Organizations;
import io.cumulet.kernel.AccountId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Who belonged where over time. An account is in one organization at most in each hour; one that is in none pays for itself. */
public final class Memberships {

    public static final Memberships NONE = new Memberships(List.of());

    private final List<Membership> all;

    public Memberships(List<Membership> all) {
        this.all = List.copyOf(all);
    }

    /** Where an account is a member now. */
    public Optional<Membership> now(AccountId account) {
        return all.stream()
                .filter(membership -> membership.account().equals(account) && membership.leftAt() == null)
                .findFirst();
    }

    /** Who pays for what an account uses in the hour that begins at a moment. */
    public AccountId payer(AccountId account, Instant hour) {
        for (Membership membership : all) {
            if (membership.account().equals(account) && membership.counts(hour)) {
                return membership.payer();
            }
        }
        return account;
    }

    /** Everybody who ever paid for others. */
    public Set<AccountId> payers() {
        Set<AccountId> payers = new HashSet<>();
        all.forEach(membership -> payers.add(membership.payer()));
        return payers;
    }

    /** Everybody who ever paid for an account, itself included. */
    public Set<AccountId> everPaying(AccountId account) {
        Set<AccountId> payers = new HashSet<>(Set.of(account));
        all.stream()
                .filter(membership -> membership.account().equals(account))
                .forEach(membership -> payers.add(membership.payer()));
        return payers;
    }

    /** The organizations of the hour that begins at a moment. */
    public Organizations at(Instant hour) {
        Map<String, Set<AccountId>> members = new HashMap<>();
        for (Membership membership : all) {
            if (membership.counts(hour)) {
                members.computeIfAbsent(membership.organizationId(), id -> new HashSet<>())
                        .add(membership.account());
            }
        }
        return new Organizations(new ArrayList<>(members.values()));
    }

    /** The hours from which on something is different. */
    public NavigableSet<Instant> changes() {
        NavigableSet<Instant> changes = new TreeSet<>();
        for (Membership membership : all) {
            changes.add(membership.from());
            Instant until = membership.until();
            if (until != null) {
                changes.add(until);
            }
        }
        return changes;
    }
}
