package io.cumulet.billing.store;

import io.cumulet.billing.app.CommitmentStore;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Region;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Commitments in PostgreSQL. */
@ApplicationScoped
class CommitmentRepository implements CommitmentStore, PanacheRepositoryBase<CommitmentEntity, String> {

    @Override
    public void insert(PurchasedCommitment commitment) {
        // At once: statements that Hibernate doesn't know of may refer to it.
        persistAndFlush(CommitmentEntity.of(commitment));
    }

    @Override
    public void update(PurchasedCommitment commitment) {
        CommitmentEntity row = findById(commitment.id());
        if (row == null || row.version != commitment.version() - 1) {
            throw new IllegalStateException("A commitment is changed by who holds its lock: " + commitment.id());
        }
        row.change(commitment);
        flush();
    }

    @Override
    public Optional<PurchasedCommitment> find(AccountId account, String id) {
        return find("id = ?1 and account = ?2", id, account.value())
                .firstResultOptional()
                .map(CommitmentEntity::commitment);
    }

    @Override
    public List<PurchasedCommitment> all(Collection<String> ids) {
        return find("id in ?1", ids).stream().map(CommitmentEntity::commitment).toList();
    }

    @Override
    public Optional<PurchasedCommitment> lock(String id) {
        return find("id", id)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .firstResultOptional()
                .map(CommitmentEntity::commitment);
    }

    @Override
    public Map<String, Map<String, String>> tags(Collection<String> ids) {
        return find("id in ?1", ids).stream().collect(Collectors.toMap(row -> row.id, row -> row.tags));
    }

    @Override
    public void setTags(String id, Map<String, String> tags) {
        findById(id).tags = tags;
    }

    @Override
    public List<PurchasedCommitment> list(
            AccountId account, Set<Terms.Kind> kinds, @Nullable Region region, @Nullable String afterId, int limit) {
        return find(
                        "account = ?1 and kind in ?2 and id > ?3 and (?4 = '' or region = ?4)",
                        Sort.by("id"),
                        account.value(),
                        kinds.stream().map(Terms.Kind::code).toList(),
                        afterId == null ? "" : afterId,
                        region == null ? "" : region.value())
                .range(0, limit - 1)
                .stream()
                .map(CommitmentEntity::commitment)
                .toList();
    }

    @Override
    public void lockReturns(AccountId payer) {
        getEntityManager()
                .createNativeQuery("SELECT 1 FROM pg_advisory_xact_lock(hashtextextended(:payer, 0))")
                .setParameter("payer", "returned plans of " + payer.value())
                .getResultList();
    }

    @Override
    public int returnedSince(Collection<AccountId> accounts, Instant from) {
        return (int) count(
                "account in ?1 and retiredBecause = ?2 and startsAt >= ?3",
                accounts.stream().map(AccountId::value).toList(),
                PurchasedCommitment.Reason.RETURNED.code(),
                from);
    }

    @Override
    public List<PurchasedCommitment> during(Collection<AccountId> accounts, Interval period) {
        // The first hour counts whole, also what of it lies before the purchase.
        return find(
                        "account in ?1 and startsAt < ?2 and endsAt > ?3 and cancelledAt is null",
                        Sort.by("id"),
                        accounts.stream().map(AccountId::value).toList(),
                        period.until(),
                        period.from())
                .stream()
                .map(CommitmentEntity::commitment)
                .toList();
    }
}
