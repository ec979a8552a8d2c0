package io.cumulet.billing.app;

import io.cumulet.billing.domain.organizations.Invitation;
import io.cumulet.billing.domain.organizations.Membership;
import io.cumulet.billing.domain.organizations.Memberships;
import io.cumulet.billing.domain.organizations.Organization;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Interval;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps organizations. All in the running transaction. */
public interface OrganizationStore {

    void insert(Organization organization);

    /** Ends an organization; in the transaction that {@link #lock locked} it. */
    void delete(String organizationId, Instant at);

    /** The organization that an account is a member of. */
    Optional<Organization> of(AccountId account);

    /** An organization that isn't deleted; nobody else changes it or its members until the transaction ends. */
    Optional<Organization> lock(String organizationId);

    /** Makes an account a member; false if it is one of any organization already. */
    boolean join(Organization organization, AccountId account, Instant at);

    void leave(String organizationId, AccountId account, Instant at);

    /** Who is a member now, by account. */
    List<Membership> members(String organizationId, @Nullable String afterAccount, int limit);

    /** The account and all that shared with it at some time in a period. */
    Set<AccountId> sharingDuring(AccountId account, Interval period);

    /** All stays of accounts in organizations. */
    Memberships membershipsOf(Collection<AccountId> accounts);

    void insert(Invitation invitation);

    void update(Invitation invitation);

    Optional<Invitation> invitation(String id);

    /** An organization's invitations, by id. */
    List<Invitation> invitationsOf(String organizationId, @Nullable String afterId, int limit);

    /** The invitations of an account, by id. */
    List<Invitation> invitationsTo(AccountId account, @Nullable String afterId, int limit);
}
