package io.cumulet.billing.app;

import io.cumulet.billing.app.CommitmentPurchases.Which;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.SavingsPlanReturn;
import io.cumulet.billing.domain.organizations.Organization;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.idempotency.Claim;
import io.cumulet.plumbing.idempotency.ClientTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Returning Savings Plans; see {@link SavingsPlanReturn}. */
@ApplicationScoped
public class SavingsPlanReturns {

    private static final String OPERATION = "ReturnSavingsPlan";

    private final CommitmentStore store;
    private final OrganizationStore organizations;
    private final Succession succession;
    private final ClientTokens tokens;
    private final InstantSource clock;

    public SavingsPlanReturns(
            CommitmentStore store,
            OrganizationStore organizations,
            Succession succession,
            ClientTokens tokens,
            InstantSource clock) {
        this.store = store;
        this.organizations = organizations;
        this.succession = succession;
        this.tokens = tokens;
        this.clock = clock;
    }

    private record Request(String id) {}

    /** @param clientToken the same token returns the same plan once */
    public Outcome<PurchasedCommitment> giveBack(Which which, String id, @Nullable String clientToken) {
        // Plans belong to no region, or to one that the caller needn't name.
        Region region = Region.DEFAULT;
        return Transactions.decide(() -> switch (tokens.claim(
                which.account(), region, OPERATION, clientToken, new Request(id))) {
            case Claim.Mismatch(Refusal refusal) -> Outcome.refused(refusal);
            case Claim.Repeat(String known) ->
                Outcome.done(store.find(which.account(), known).orElseThrow());
            case Claim.Fresh() ->
                giveBack(which, id).map(returned -> {
                    tokens.complete(which.account(), region, OPERATION, clientToken, returned.id());
                    return returned;
                });
        });
    }

    private Outcome<PurchasedCommitment> giveBack(Which which, String id) {
        PurchasedCommitment plan = store.lock(id).filter(which::has).orElse(null);
        if (plan == null) {
            return which.missing(id);
        }
        AccountId payer = organizations
                .of(which.account())
                .map(Organization::managementAccount)
                .orElse(which.account());
        store.lockReturns(payer);
        // As fine as the database keeps it, and behind the locks: whoever held them may have taken long.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Instant year = SavingsPlanReturn.yearOf(now);
        Set<AccountId> together =
                organizations.sharingDuring(which.account(), new Interval(year, now.plus(1, ChronoUnit.MICROS)));
        return SavingsPlanReturn.decide(plan, store.returnedSince(together, year), now)
                .map(returned -> {
                    succession.record(List.of(returned), List.of(), now);
                    return returned;
                });
    }
}
