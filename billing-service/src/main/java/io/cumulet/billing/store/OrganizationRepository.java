package io.cumulet.billing.store;

import io.cumulet.billing.app.OrganizationStore;
import io.cumulet.billing.domain.organizations.Invitation;
import io.cumulet.billing.domain.organizations.Membership;
import io.cumulet.billing.domain.organizations.Memberships;
import io.cumulet.billing.domain.organizations.Organization;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Interval;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Organizations in PostgreSQL. Members by plain SQL: they are asked for by set and by time. */
@ApplicationScoped
class OrganizationRepository implements OrganizationStore, PanacheRepositoryBase<OrganizationEntity, String> {

    private static final String JOIN = """
            INSERT INTO organization_member (id, organization_id, account, joined_at) VALUES (?, ?, ?, ?)
            ON CONFLICT (account) WHERE left_at IS NULL DO NOTHING""";

    private static final String LEAVE = """
            UPDATE organization_member SET left_at = ?
            WHERE organization_id = ? AND account = ? AND left_at IS NULL""";

    private static final String SELECT = """
            SELECT organization_id, management_account, account, joined_at, left_at
            FROM organization_member JOIN organization ON organization.id = organization_id""";

    private static final String NOW_IN =
            SELECT + " WHERE organization_id = ? AND left_at IS NULL AND account > ? ORDER BY account LIMIT ?";

    private static final String OF_ACCOUNTS = SELECT + " WHERE account = ANY (?) ORDER BY joined_at";

    /** Members of the same organizations at the same time; by the hour, so that a stay may begin an hour before. */
    private static final String SHARING = """
            SELECT DISTINCT other.account
            FROM organization_member mine JOIN organization_member other USING (organization_id)
            WHERE mine.account = ?
                AND mine.joined_at < ? AND (mine.left_at IS NULL OR mine.left_at > ?)
                AND other.joined_at < ? AND (other.left_at IS NULL OR other.left_at > ?)""";

    private final DataSource dataSource;
    private final Invitations invitations;

    OrganizationRepository(DataSource dataSource, Invitations invitations) {
        this.dataSource = dataSource;
        this.invitations = invitations;
    }

    @ApplicationScoped
    static class Invitations implements PanacheRepositoryBase<InvitationEntity, String> {}

    @Override
    public void insert(Organization organization) {
        OrganizationEntity row = new OrganizationEntity();
        row.id = organization.id();
        row.managementAccount = organization.managementAccount().value();
        row.createdAt = organization.createdAt();
        persistAndFlush(row);
    }

    @Override
    public void delete(String organizationId, Instant at) {
        update("deletedAt = ?1 where id = ?2", at, organizationId);
    }

    @Override
    public Optional<Organization> of(AccountId account) {
        return membershipsOf(List.of(account))
                .now(account)
                .flatMap(membership -> findByIdOptional(membership.organizationId()))
                .map(OrganizationEntity::organization);
    }

    @Override
    public Optional<Organization> lock(String organizationId) {
        return find("id = ?1 and deletedAt is null", organizationId)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional()
                .map(OrganizationEntity::organization);
    }

    @Override
    public boolean join(Organization organization, AccountId account, Instant at) {
        return execute(JOIN, UUID.randomUUID(), organization.id(), account.value(), at.atOffset(ZoneOffset.UTC)) == 1;
    }

    @Override
    public void leave(String organizationId, AccountId account, Instant at) {
        execute(LEAVE, at.atOffset(ZoneOffset.UTC), organizationId, account.value());
    }

    private int execute(String sql, Object... values) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = Rows.prepare(connection, sql, values)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not change an organization's members", e);
        }
    }

    @Override
    public List<Membership> members(String organizationId, @Nullable String afterAccount, int limit) {
        return memberships(NOW_IN, organizationId, afterAccount == null ? "" : afterAccount, limit);
    }

    @Override
    public Memberships membershipsOf(Collection<AccountId> accounts) {
        return new Memberships(memberships(
                OF_ACCOUNTS, (Object) accounts.stream().map(AccountId::value).toArray(String[]::new)));
    }

    private List<Membership> memberships(String sql, Object... values) {
        List<Membership> memberships = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = Rows.prepare(connection, sql, values);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                memberships.add(new Membership(
                        row.getString("organization_id"),
                        new AccountId(row.getString("management_account")),
                        new AccountId(row.getString("account")),
                        Rows.requiredInstant(row, "joined_at"),
                        Rows.instant(row, "left_at")));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read an organization's members", e);
        }
        return memberships;
    }

    @Override
    public Set<AccountId> sharingDuring(AccountId account, Interval period) {
        Set<AccountId> accounts = new HashSet<>(Set.of(account));
        Object from = period.from().atOffset(ZoneOffset.UTC);
        Object until = period.until().atOffset(ZoneOffset.UTC);
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        Rows.prepare(connection, SHARING, account.value(), until, from, until, from);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                accounts.add(new AccountId(row.getString(1)));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read who shares with an account", e);
        }
        return accounts;
    }

    @Override
    public void insert(Invitation invitation) {
        InvitationEntity row = new InvitationEntity();
        row.id = invitation.id();
        row.organization = findById(invitation.organization().id());
        row.account = invitation.account().value();
        row.state = invitation.state();
        row.invitedAt = invitation.invitedAt();
        row.expiresAt = invitation.expiresAt();
        invitations.persist(row);
    }

    @Override
    public void update(Invitation invitation) {
        invitations.update("state = ?1 where id = ?2", invitation.state(), invitation.id());
    }

    @Override
    public Optional<Invitation> invitation(String id) {
        // What the session read before may be older than the lock that was taken since.
        invitations.getEntityManager().clear();
        return invitations.findByIdOptional(id).map(InvitationEntity::invitation);
    }

    @Override
    public List<Invitation> invitationsOf(String organizationId, @Nullable String afterId, int limit) {
        return invitations("organization.id = ?1 and id > ?2", organizationId, afterId, limit);
    }

    @Override
    public List<Invitation> invitationsTo(AccountId account, @Nullable String afterId, int limit) {
        return invitations("account = ?1 and id > ?2", account.value(), afterId, limit);
    }

    private List<Invitation> invitations(String where, String whose, @Nullable String afterId, int limit) {
        return invitations
                .find(where, Sort.by("id"), whose, afterId == null ? "" : afterId)
                .range(0, limit - 1)
                .stream()
                .map(InvitationEntity::invitation)
                .toList();
    }
}
