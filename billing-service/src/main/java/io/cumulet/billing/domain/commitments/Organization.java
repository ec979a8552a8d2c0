package io.cumulet.billing.domain.commitments;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Accounts that share their commitments and get one bill.
 *
 * @param managementAccount who founded it and pays
 * @param memberships all that ever were, the management account's included, oldest first
 * @see <a href="https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/consolidated-billing.html">Consolidated
 *     billing</a>
 */
public record Organization(String id, AccountId managementAccount, Instant createdAt, List<Membership> memberships) {

    /** A stay of an account. @param left null while it goes on */
    public record Membership(
            AccountId account, Instant joined, @Nullable Instant left) {

        boolean holdsAt(Instant at) {
            return !at.isBefore(joined) && (left == null || at.isBefore(left));
        }
    }

    public Set<AccountId> membersAt(Instant at) {
        return memberships.stream()
                .filter(membership -> membership.holdsAt(at))
                .map(Membership::account)
                .collect(Collectors.toUnmodifiableSet());
    }

    public Optional<Membership> membershipAt(AccountId account, Instant at) {
        return memberships.stream()
                .filter(membership -> membership.account().equals(account) && membership.holdsAt(at))
                .findAny();
    }

    /** The accounts that were members at some time in a period. */
    public Set<AccountId> membersDuring(Interval period) {
        return memberships.stream()
                .filter(membership -> membership.joined().isBefore(period.until())
                        && (membership.left() == null || membership.left().isAfter(period.from())))
                .map(Membership::account)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The moments at which members come or go. */
    public List<Instant> changes() {
        List<Instant> changes = new ArrayList<>();
        for (Membership membership : memberships) {
            changes.add(membership.joined());
            if (membership.left() != null) {
                changes.add(membership.left());
            }
        }
        return changes;
    }
}
