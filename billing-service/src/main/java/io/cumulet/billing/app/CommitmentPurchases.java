package io.cumulet.billing.app;

import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.PurchasedCommitment.State;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceTags;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.idempotency.Claim;
import io.cumulet.plumbing.idempotency.ClientTokens;
import io.cumulet.plumbing.timers.Timers;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Buying commitments, now or for later, and looking at them. */
@ApplicationScoped
public class CommitmentPurchases {

    /** Names purchases of every kind among the client tokens. */
    static final String PURCHASE = "PurchaseCommitment";

    private final CommitmentStore store;
    private final CommitmentEvents events;
    private final Succession succession;
    private final BudgetWatch budgets;
    private final ClientTokens tokens;
    private final Timers timers;
    private final InstantSource clock;

    public CommitmentPurchases(
            CommitmentStore store,
            CommitmentEvents events,
            Succession succession,
            BudgetWatch budgets,
            ClientTokens tokens,
            Timers timers,
            InstantSource clock) {
        this.store = store;
        this.events = events;
        this.succession = succession;
        this.budgets = budgets;
        this.tokens = tokens;
        this.timers = timers;
        this.clock = clock;
    }

    /**
     * What somebody wants to buy.
     *
     * @param purchaseTime when the term is to begin, at most three years ahead; null for now
     * @param clientToken the same token and request buy once
     * @param tags of what is bought
     * @param request what was asked, without the token
     */
    public record Order(
            AccountId account,
            Region region,
            @Nullable Instant purchaseTime,
            @Nullable String clientToken,
            Map<String, String> tags,
            Record request) {}

    /**
     * Which commitments a call is about.
     *
     * @param region only what applies in this region alone; null for everything
     * @param notFound says that there is none with an id
     */
    public record Which(
            AccountId account,
            Set<Terms.Kind> kinds,
            @Nullable Region region,
            ErrorCode notFound) {

        boolean has(PurchasedCommitment commitment) {
            return commitment.account().equals(account)
                    && kinds.contains(commitment.terms().kind())
                    && (region == null || region.equals(commitment.terms().region()));
        }

        <T> Outcome<T> missing(String id) {
            return Outcome.refused(notFound, "id", "There is no commitment " + id);
        }
    }

    /** @param terms the terms of what is wanted at a moment, or why it can't be had */
    public Outcome<PurchasedCommitment> buy(Order order, Function<Instant, Outcome<Terms>> terms) {
        Instant now = clock.instant();
        return Transactions.decide(() -> switch (tokens.claim(
                order.account(), order.region(), PURCHASE, order.clientToken(), order.request())) {
            case Claim.Mismatch(Refusal refusal) -> Outcome.refused(refusal);
            case Claim.Repeat(String id) ->
                Outcome.done(store.find(order.account(), id).orElseThrow());
            case Claim.Fresh() -> buyFresh(order, now, terms.apply(now).orThrow());
        });
    }

    /**
     * One of several things to buy.
     *
     * @param terms the terms of what is wanted at a moment, or why it can't be had
     */
    public record Wanted(Instant purchaseTime, Function<Instant, Outcome<Terms>> terms) {}

    /**
     * Buys all, in one transaction, or none; answered in the order in which they are wanted.
     *
     * @param request what was asked, without the token
     */
    public Outcome<List<PurchasedCommitment>> buyAll(
            AccountId account, Region region, List<Wanted> wanted, @Nullable String clientToken, Record request) {
        Instant now = clock.instant();
        return Transactions.decide(() -> switch (tokens.claim(account, region, PURCHASE, clientToken, request)) {
            case Claim.Mismatch(Refusal refusal) -> Outcome.refused(refusal);
            case Claim.Repeat(String ids) ->
                Outcome.done(Arrays.stream(ids.split(",", -1))
                        .map(id -> store.find(account, id).orElseThrow())
                        .toList());
            case Claim.Fresh() -> {
                List<PurchasedCommitment> bought = new ArrayList<>();
                for (Wanted one : wanted) {
                    Order order = new Order(account, region, one.purchaseTime(), null, Map.of(), request);
                    bought.add(
                            bought(order, now, one.terms().apply(now).orThrow()).orThrow());
                }
                tokens.complete(
                        account,
                        region,
                        PURCHASE,
                        clientToken,
                        bought.stream().map(PurchasedCommitment::id).collect(Collectors.joining(",")));
                yield Outcome.done(bought);
            }
        });
    }

    private Outcome<PurchasedCommitment> buyFresh(Order order, Instant now, Terms terms) {
        return bought(order, now, terms).map(bought -> {
            tokens.complete(order.account(), order.region(), PURCHASE, order.clientToken(), bought.id());
            return bought;
        });
    }

    private Outcome<PurchasedCommitment> bought(Order order, Instant now, Terms terms) {
        // As fine as the database keeps it.
        Instant startsAt =
                order.purchaseTime() == null ? now : order.purchaseTime().truncatedTo(ChronoUnit.MICROS);
        Optional<Refusal> fault = timeFault(startsAt, now).or(() -> ResourceTags.fault("tags", order.tags()));
        if (fault.isPresent()) {
            return Outcome.refused(fault.get());
        }
        PurchasedCommitment bought =
                new PurchasedCommitment(UUID.randomUUID().toString(), order.account(), terms, now, startsAt, null, 1);
        succession.record(List.of(), List.of(bought), now);
        store.setTags(bought.id(), order.tags());
        return Outcome.done(bought);
    }

    /** EC2 takes queued purchases up to three years ahead. */
    private static Optional<Refusal> timeFault(Instant startsAt, Instant now) {
        long days = 3 * 365;
        boolean isPossible = !startsAt.isBefore(now) && startsAt.isBefore(now.plusSeconds(days * 86_400));
        return isPossible
                ? Optional.empty()
                : Optional.of(Refusal.of(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        "purchaseTime",
                        "A purchase is queued for a time within the next three years, not " + startsAt));
    }

    /** Takes a queued purchase out of the queue. */
    public Outcome<PurchasedCommitment> cancel(Which which, String id) {
        return Transactions.decide(() -> {
            // The timers first, as their own turn takes them: in another order the two could wait for each other. A
            // refusal brings them back.
            timers.cancel(CommitmentTurns.STARTS, id);
            timers.cancel(CommitmentTurns.ENDS, id);
            PurchasedCommitment known = store.lock(id).filter(which::has).orElse(null);
            if (known == null) {
                return which.missing(id);
            }
            // Behind the lock: the turn that it waited for may have begun the term.
            Instant now = clock.instant();
            if (known.stateAt(now) != State.QUEUED || known.version() > 1) {
                return Outcome.refused(
                        ErrorCode.INCORRECT_COMMITMENT_STATE,
                        "id",
                        "Only a queued purchase can be deleted; this one is "
                                + known.stateAt(now).code());
            }
            PurchasedCommitment cancelled = known.cancelled(now);
            store.update(cancelled);
            events.cancelled(cancelled, now);
            budgets.note(Set.of(which.account()));
            return Outcome.done(cancelled);
        });
    }

    /**
     * Changes tags of a commitment.
     *
     * @param patch what to set or, with null as value, to remove
     */
    public Outcome<PurchasedCommitment> tag(Which which, String id, @Nullable Map<String, @Nullable String> patch) {
        return Transactions.decide(() -> {
            PurchasedCommitment known = store.lock(id).filter(which::has).orElse(null);
            if (known == null) {
                return which.missing(id);
            }
            return ResourceTags.patched("tags", tagsOf(id), patch).map(tags -> {
                store.setTags(id, tags);
                return known;
            });
        });
    }

    /** The tags of each; of one account's, since nobody looks whose they are. */
    public Map<String, Map<String, String>> tags(Collection<String> ids) {
        return Transactions.read(() -> store.tags(ids));
    }

    private Map<String, String> tagsOf(String id) {
        return store.tags(List.of(id)).getOrDefault(id, Map.of());
    }

    public Outcome<PurchasedCommitment> find(Which which, String id) {
        return Transactions.read(() -> store.find(which.account(), id))
                .filter(which::has)
                .map(Outcome::done)
                .orElseGet(() -> which.missing(id));
    }

    /** By id, from behind one on. */
    public List<PurchasedCommitment> list(Which which, @Nullable String afterId, int limit) {
        return Transactions.read(() -> store.list(which.account(), which.kinds(), which.region(), afterId, limit));
    }
}
