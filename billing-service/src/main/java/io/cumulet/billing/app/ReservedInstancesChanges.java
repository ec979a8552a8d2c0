package io.cumulet.billing.app;

import io.cumulet.billing.app.ReservedInstancesChange.Kind;
import io.cumulet.billing.domain.commitments.Exchange;
import io.cumulet.billing.domain.commitments.Modification;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Replacement;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Modifying and exchanging Reserved Instances. */
@ApplicationScoped
public class ReservedInstancesChanges {

    private static final String IDS = "reservedInstancesIds";

    private final CommitmentStore store;
    private final ReservedInstancesChangeStore changes;
    private final ListingStore listings;
    private final Succession succession;
    private final ClientTokens tokens;
    private final InstantSource clock;

    public ReservedInstancesChanges(
            CommitmentStore store,
            ReservedInstancesChangeStore changes,
            ListingStore listings,
            Succession succession,
            ClientTokens tokens,
            InstantSource clock) {
        this.store = store;
        this.changes = changes;
        this.listings = listings;
        this.succession = succession;
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * What is to be changed.
     *
     * @param ids the Reserved Instances
     * @param clientToken the same token and request change once
     * @param request what was asked, without the token
     */
    public record Order(
            AccountId account,
            Region region,
            List<String> ids,
            @Nullable String clientToken,
            Record request) {}

    /** What an exchange would come to, or why it can't be done; a refusal where the request names what isn't there. */
    public sealed interface Quoted {
        record Valid(Exchange.Quote quote) implements Quoted {}

        record Invalid(Refusal why) implements Quoted {}
    }

    public Outcome<ReservedInstancesChange> modify(Order order, List<Modification.Target> targets) {
        return change(
                order,
                Kind.MODIFICATION,
                (reserved, now) -> new Modification(reserved, targets).decide(now, ReservedInstancesChanges::newId));
    }

    /** @param wanted the offerings at a moment, or why they can't be had */
    public Outcome<ReservedInstancesChange> exchange(
            Order order, Function<Instant, Outcome<List<Exchange.Wanted>>> wanted) {
        return change(
                order,
                Kind.EXCHANGE,
                (reserved, now) -> wanted.apply(now)
                        .flatMap(offered ->
                                new Exchange(reserved, offered).decide(now, ReservedInstancesChanges::newId)));
    }

    /** @param wanted the offerings at a moment, or why they can't be had */
    public Outcome<Quoted> quote(Order order, Function<Instant, Outcome<List<Exchange.Wanted>>> wanted) {
        Instant now = now();
        return Transactions.read(() -> owned(order, id -> store.find(order.account(), id)))
                .flatMap(reserved -> wanted.apply(now)
                        .map(offered -> switch (new Exchange(reserved, offered).quote(now)) {
                            case Outcome.Done<Exchange.Quote>(Exchange.Quote quote) -> new Quoted.Valid(quote);
                            case Outcome.Refused<Exchange.Quote>(Refusal refusal) -> new Quoted.Invalid(refusal);
                        }));
    }

    private Outcome<ReservedInstancesChange> change(
            Order order, Kind kind, BiFunction<List<PurchasedCommitment>, Instant, Outcome<Replacement>> decision) {
        return Transactions.decide(() -> switch (tokens.claim(
                order.account(), order.region(), operation(kind), order.clientToken(), order.request())) {
            case Claim.Mismatch(Refusal refusal) -> Outcome.refused(refusal);
            case Claim.Repeat(String id) ->
                Outcome.done(
                        changes.find(order.account(), order.region(), kind, id).orElseThrow());
            case Claim.Fresh() ->
                lock(order).flatMap(reserved -> {
                    // Behind the locks: whoever held them may have taken long.
                    Instant now = now();
                    return decision.apply(reserved, now).map(replacement -> record(order, kind, replacement, now));
                });
        });
    }

    private ReservedInstancesChange record(Order order, Kind kind, Replacement replacement, Instant now) {
        succession.record(replacement.retired(), replacement.successors(), now);
        ReservedInstancesChange change = new ReservedInstancesChange(
                newId(),
                order.account(),
                order.region(),
                kind,
                now,
                replacement.hour(),
                ids(replacement.retired()),
                ids(replacement.successors()));
        changes.insert(change);
        tokens.complete(order.account(), order.region(), operation(kind), order.clientToken(), change.id());
        return change;
    }

    /** Locks what is to be changed, by id: whoever locks several does so. */
    private Outcome<List<PurchasedCommitment>> lock(Order order) {
        Map<String, PurchasedCommitment> locked = new HashMap<>();
        for (String id : new TreeSet<>(order.ids())) {
            store.lock(id).ifPresent(one -> locked.put(id, one));
        }
        return owned(order, id -> Optional.ofNullable(locked.get(id))).flatMap(this::unlisted);
    }

    private Outcome<List<PurchasedCommitment>> unlisted(List<PurchasedCommitment> reserved) {
        return listings.activeOf(ids(reserved)).stream()
                .findFirst()
                .map(listing -> Outcome.<List<PurchasedCommitment>>refused(
                        ErrorCode.INCORRECT_COMMITMENT_STATE,
                        IDS,
                        listing.commitmentId() + " is for sale on the Marketplace: cancel listing " + listing.id()
                                + " first"))
                .orElseGet(() -> Outcome.done(reserved));
    }

    /** In the order of the request. */
    private static Outcome<List<PurchasedCommitment>> owned(
            Order order, Function<String, Optional<PurchasedCommitment>> find) {
        Map<String, PurchasedCommitment> found = new HashMap<>();
        for (String id : order.ids()) {
            Optional<PurchasedCommitment> one = find.apply(id)
                    .filter(known -> known.account().equals(order.account()))
                    .filter(known -> known.terms().kind() == Terms.Kind.RESERVED_INSTANCES)
                    .filter(known -> order.region().equals(known.terms().region()));
            if (one.isEmpty()) {
                return Outcome.refused(
                        ErrorCode.RESERVED_INSTANCES_NOT_FOUND, IDS, "There are no Reserved Instances " + id);
            }
            found.put(id, one.get());
        }
        return Outcome.done(order.ids().stream()
                .map(id -> Objects.requireNonNull(found.get(id)))
                .toList());
    }

    public Outcome<ReservedInstancesChange> findModification(AccountId account, Region region, String id) {
        return Transactions.read(() -> changes.find(account, region, Kind.MODIFICATION, id))
                .map(Outcome::done)
                .orElseGet(() -> Outcome.refused(
                        ErrorCode.RESERVED_INSTANCES_MODIFICATION_NOT_FOUND, "id", "There is no modification " + id));
    }

    /** By id, from behind one on. */
    public List<ReservedInstancesChange> modifications(
            AccountId account, Region region, @Nullable String afterId, int limit) {
        return Transactions.read(() -> changes.list(account, region, Kind.MODIFICATION, afterId, limit));
    }

    /** What changes have made, by id. */
    public Map<String, PurchasedCommitment> successorsOf(List<ReservedInstancesChange> made) {
        List<String> ids =
                made.stream().flatMap(change -> change.successors().stream()).toList();
        Map<String, PurchasedCommitment> byId = new HashMap<>();
        Transactions.read(() -> store.all(ids)).forEach(one -> byId.put(one.id(), one));
        return byId;
    }

    private static String operation(Kind kind) {
        return switch (kind) {
            case MODIFICATION -> "ModifyReservedInstances";
            case EXCHANGE -> "AcceptReservedInstancesExchangeQuote";
        };
    }

    private static List<String> ids(List<PurchasedCommitment> commitments) {
        return commitments.stream().map(PurchasedCommitment::id).toList();
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    /** As fine as the database keeps it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
