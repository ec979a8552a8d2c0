package io.cumulet.billing.app;

import io.cumulet.billing.domain.organizations.Invitation;
import io.cumulet.billing.domain.organizations.Invitation.State;
import io.cumulet.billing.domain.organizations.Membership;
import io.cumulet.billing.domain.organizations.Organization;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Organizations: making them, inviting, joining, leaving. */
@ApplicationScoped
public class Organizing {

    private final OrganizationStore store;
    private final LateUsageStore lateUsage;
    private final BudgetWatch budgets;
    private final InstantSource clock;

    public Organizing(OrganizationStore store, LateUsageStore lateUsage, BudgetWatch budgets, InstantSource clock) {
        this.store = store;
        this.lateUsage = lateUsage;
        this.budgets = budgets;
        this.clock = clock;
    }

    /** Makes an organization whose management account the caller is. */
    public Outcome<Organization> create(AccountId account) {
        return Transactions.decide(() -> {
            Organization organization = new Organization(ResourceKind.ORGANIZATION.newId(), account, now());
            store.insert(organization);
            return store.join(organization, account, organization.createdAt())
                    ? Outcome.done(organization)
                    : Outcome.refused(
                            ErrorCode.ALREADY_IN_ORGANIZATION, "account", "This account is in an organization already");
        });
    }

    /** The organization the account is in. */
    public Optional<Organization> of(AccountId account) {
        return Transactions.read(() -> store.of(account));
    }

    /** An organization, for its members. */
    public Outcome<Organization> find(AccountId account, String id) {
        return of(account)
                .filter(organization -> organization.id().equals(id))
                .map(Outcome::done)
                .orElseGet(() -> missing(id));
    }

    /** Ends an organization that nobody else is left in. */
    public Outcome<Organization> delete(AccountId caller, String id) {
        return Transactions.decide(() -> managed(caller, id).flatMap(organization -> {
            if (store.members(id, null, 2).size() > 1) {
                return Outcome.refused(
                        ErrorCode.ORGANIZATION_NOT_EMPTY, "id", "There are other members in the organization " + id);
            }
            store.leave(id, caller, now());
            store.delete(id, now());
            return Outcome.done(organization);
        }));
    }

    /** The members, for the management account. */
    public Outcome<List<Membership>> members(AccountId caller, String id, @Nullable String afterAccount, int limit) {
        return Transactions.decide(
                () -> managed(caller, id).map(organization -> store.members(id, afterAccount, limit)));
    }

    /** A member leaves, or the management account removes it. */
    public Outcome<Organization> remove(AccountId caller, String id, AccountId member) {
        return Transactions.decide(() -> member(caller, id).flatMap(organization -> {
            boolean isManagement = organization.managementAccount().equals(caller);
            if (organization.managementAccount().equals(member)) {
                return Outcome.refused(
                        ErrorCode.MANAGEMENT_ACCOUNT_CANNOT_LEAVE,
                        "account",
                        "The management account stays while the organization is");
            }
            if (!isManagement && !caller.equals(member)) {
                return notAllowed();
            }
            if (!store.of(member).equals(Optional.of(organization))) {
                return Outcome.refused(
                        ErrorCode.MEMBER_NOT_FOUND, "account", "The account " + member + " is not a member");
            }
            store.leave(id, member, now());
            noteStay(member);
            return Outcome.done(organization);
        }));
    }

    /** Invites an account; one that was invited already keeps its invitation. */
    public Outcome<Invitation> invite(AccountId caller, String id, AccountId invited) {
        return Transactions.decide(() -> managed(caller, id).flatMap(organization -> {
            Instant now = now();
            if (store.of(invited).equals(Optional.of(organization))) {
                return Outcome.refused(
                        ErrorCode.ALREADY_IN_ORGANIZATION,
                        "account",
                        "The account " + invited + " is a member already");
            }
            Invitation invitation = new Invitation(
                    ResourceKind.ORGANIZATION_INVITATION.newId(),
                    organization,
                    invited,
                    State.OPEN,
                    now,
                    now.plus(Invitation.OPEN_FOR));
            store.insert(invitation);
            return Outcome.done(invitation);
        }));
    }

    /** What an organization has sent out, for its management account. */
    public Outcome<List<Invitation>> invitationsOf(AccountId caller, String id, @Nullable String afterId, int limit) {
        return Transactions.decide(
                () -> managed(caller, id).map(organization -> store.invitationsOf(id, afterId, limit)));
    }

    /** What an account was sent. */
    public List<Invitation> invitationsTo(AccountId account, @Nullable String afterId, int limit) {
        return Transactions.read(() -> store.invitationsTo(account, afterId, limit));
    }

    /** The management account takes an invitation back. */
    public Outcome<Invitation> cancel(AccountId caller, String invitationId) {
        return answer(
                invitationId,
                invitation -> invitation.organization().managementAccount().equals(caller),
                State.CANCELED);
    }

    public Outcome<Invitation> decline(AccountId caller, String invitationId) {
        return answer(invitationId, invitation -> invitation.account().equals(caller), State.DECLINED);
    }

    /** Makes the caller a member. */
    public Outcome<Invitation> accept(AccountId caller, String invitationId) {
        return answer(invitationId, invitation -> invitation.account().equals(caller), State.ACCEPTED);
    }

    private Outcome<Invitation> answer(String invitationId, Predicate<Invitation> isCallers, State next) {
        return Transactions.decide(() -> {
            Optional<Invitation> seen = store.invitation(invitationId).filter(isCallers);
            if (seen.isEmpty()) {
                return Outcome.refused(ErrorCode.INVITATION_NOT_FOUND, "id", "There is no invitation " + invitationId);
            }
            boolean exists = store.lock(seen.get().organization().id()).isPresent();
            // Read again behind the lock: another answer may have come first.
            Invitation invitation = store.invitation(invitationId).orElseThrow();
            State state = exists ? invitation.stateAt(now()) : State.CANCELED;
            if (state != State.OPEN) {
                return Outcome.refused(
                        ErrorCode.INVALID_INVITATION_TRANSITION, "id", "The invitation is " + state.code());
            }
            if (next == State.ACCEPTED && !store.join(invitation.organization(), invitation.account(), now())) {
                return Outcome.refused(
                        ErrorCode.ALREADY_IN_ORGANIZATION, "id", "This account is in an organization already");
            }
            Invitation answered = invitation.in(next);
            store.update(answered);
            if (next == State.ACCEPTED) {
                noteStay(invitation.account());
            }
            return Outcome.done(answered);
        });
    }

    /** Whoever closes the month of the present hour at this moment may not have seen that its payer is another. */
    private void noteStay(AccountId account) {
        lateUsage.note(Map.of(account, Set.of(YearMonth.from(now().atOffset(ZoneOffset.UTC)))));
        budgets.note(Set.of(account));
    }

    /** As fine as the database keeps it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** An organization that the caller is in, locked. */
    private Outcome<Organization> member(AccountId caller, String id) {
        return store.lock(id)
                .filter(organization -> store.of(caller).equals(Optional.of(organization)))
                .map(Outcome::done)
                .orElseGet(() -> missing(id));
    }

    /** An organization whose management account the caller is, locked. */
    private Outcome<Organization> managed(AccountId caller, String id) {
        return member(caller, id)
                .flatMap(organization ->
                        organization.managementAccount().equals(caller) ? Outcome.done(organization) : notAllowed());
    }

    private static <T> Outcome<T> missing(String id) {
        return Outcome.refused(ErrorCode.ORGANIZATION_NOT_FOUND, "id", "There is no organization " + id);
    }

    private static <T> Outcome<T> notAllowed() {
        return Outcome.refused(ErrorCode.FORBIDDEN, "id", "Only the organization's management account does this");
    }
}
