package io.cumulet.billing.app;

import io.cumulet.billing.domain.commitments.ForSale;
import io.cumulet.billing.domain.commitments.ForSale.Sale;
import io.cumulet.billing.domain.commitments.ForSale.Take;
import io.cumulet.billing.domain.commitments.Listing;
import io.cumulet.billing.domain.commitments.PurchasedCommitment;
import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.ledger.JournalEntry;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.idempotency.Claim;
import io.cumulet.plumbing.idempotency.ClientTokens;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.TimerHandler;
import io.cumulet.plumbing.timers.Timers;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Selling Reserved Instances to other accounts, and buying them. */
@ApplicationScoped
public class Marketplace {

    private static final String CREATE_LISTING = "CreateReservedInstancesListing";
    static final String CLOSES = "listing-closes";

    private final CommitmentStore commitments;
    private final ListingStore listings;
    private final InvoiceStore invoices;
    private final OrganizationStore organizations;
    private final LedgerStore ledger;
    private final Succession succession;
    private final ClientTokens tokens;
    private final Timers timers;
    private final InstantSource clock;

    public Marketplace(
            CommitmentStore commitments,
            ListingStore listings,
            InvoiceStore invoices,
            OrganizationStore organizations,
            LedgerStore ledger,
            Succession succession,
            ClientTokens tokens,
            Timers timers,
            InstantSource clock) {
        this.commitments = commitments;
        this.listings = listings;
        this.invoices = invoices;
        this.organizations = organizations;
        this.ledger = ledger;
        this.succession = succession;
        this.tokens = tokens;
        this.timers = timers;
        this.clock = clock;
    }

    /**
     * What somebody wants to sell.
     *
     * @param steps prices by whole months left; empty for the part of the upfront fee that is left
     * @param clientToken the same token and request list once
     * @param request what was asked, without the token
     */
    public record Sell(
            AccountId account,
            Region region,
            String reservedInstancesId,
            int count,
            List<Listing.PriceStep> steps,
            @Nullable String clientToken,
            Record request) {}

    /**
     * What somebody wants to buy.
     *
     * @param limitPrice the most USD for all of them together; null for any price
     * @param clientToken the same token and request buy once
     * @param request what was asked, without the token
     */
    public record Buy(
            AccountId account,
            Region region,
            String offeringId,
            int count,
            @Nullable Money limitPrice,
            @Nullable String clientToken,
            Record request) {}

    /** Puts Reserved Instances up for sale. */
    public Outcome<Listing> sell(Sell order) {
        return Transactions.decide(() -> switch (tokens.claim(
                order.account(), order.region(), CREATE_LISTING, order.clientToken(), order.request())) {
            case Claim.Mismatch(Refusal refusal) -> Outcome.refused(refusal);
            case Claim.Repeat(String id) ->
                Outcome.done(listings.find(order.account(), order.region(), id).orElseThrow());
            case Claim.Fresh() -> sellFresh(order);
        });
    }

    private Outcome<Listing> sellFresh(Sell order) {
        String id = order.reservedInstancesId();
        PurchasedCommitment owned = commitments
                .lock(id)
                .filter(known -> known.account().equals(order.account()))
                .filter(known -> known.terms().kind() == Terms.Kind.RESERVED_INSTANCES)
                .filter(known -> order.region().equals(known.terms().region()))
                .orElse(null);
        if (owned == null) {
            return Outcome.refused(
                    ErrorCode.RESERVED_INSTANCES_NOT_FOUND,
                    "reservedInstancesId",
                    "There are no Reserved Instances " + id);
        }
        if (!listings.activeOf(List.of(id)).isEmpty()) {
            return Outcome.refused(
                    ErrorCode.INCORRECT_COMMITMENT_STATE, "reservedInstancesId", id + " is for sale already");
        }
        return new Listing.Wanted(owned, isUpfrontInvoiced(owned), order.count(), order.steps())
                .decide(newId(), now())
                .map(listing -> {
                    listings.insert(listing);
                    timers.schedule(CLOSES, listing.id(), Listing.closesAt(owned), "");
                    tokens.complete(order.account(), order.region(), CREATE_LISTING, order.clientToken(), listing.id());
                    return listing;
                });
    }

    /** Whether the month of the purchase is closed for who paid for it. */
    private boolean isUpfrontInvoiced(PurchasedCommitment owned) {
        Instant bought = owned.heldSince();
        AccountId payer = organizations.membershipsOf(Set.of(owned.account())).payer(owned.account(), bought);
        YearMonth month = YearMonth.from(bought.atOffset(ZoneOffset.UTC));
        return invoices.closedThrough(payer)
                .filter(closed -> !closed.isBefore(month))
                .isPresent();
    }

    /** Takes back what is unsold. */
    public Outcome<Listing> cancel(AccountId account, Region region, String id) {
        return Transactions.decide(() -> listings.lock(List.of(id)).stream()
                .filter(listing ->
                        listing.account().equals(account) && listing.region().equals(region))
                .findFirst()
                .map(listing -> listing.cancelled(now()).map(cancelled -> {
                    listings.update(cancelled);
                    return cancelled;
                }))
                .orElseGet(() -> missing(id)));
    }

    public Outcome<Listing> find(AccountId account, Region region, String id) {
        return Transactions.read(() -> listings.find(account, region, id))
                .map(Outcome::done)
                .orElseGet(() -> missing(id));
    }

    private static Outcome<Listing> missing(String id) {
        return Outcome.refused(ErrorCode.RESERVED_INSTANCES_LISTING_NOT_FOUND, "id", "There is no listing " + id);
    }

    /** By id, from behind one on. */
    public List<Listing> list(AccountId account, Region region, @Nullable String afterId, int limit) {
        return Transactions.read(() -> listings.list(account, region, afterId, limit));
    }

    /** What others sell in a region, by offering, each cheapest first. */
    public Map<String, List<ForSale>> offerings(AccountId buyer, Region region) {
        return Transactions.read(() -> {
            List<Listing> active = listings.active(region).stream()
                    .filter(listing -> !listing.account().equals(buyer))
                    .toList();
            Map<String, PurchasedCommitment> byId = new HashMap<>();
            commitments
                    .all(active.stream().map(Listing::commitmentId).toList())
                    .forEach(one -> byId.put(one.id(), one));
            return byOffering(active, byId, now());
        });
    }

    private static Map<String, List<ForSale>> byOffering(
            List<Listing> some, Map<String, PurchasedCommitment> byId, Instant now) {
        Map<String, List<ForSale>> offerings = new HashMap<>();
        for (Listing listing : some) {
            PurchasedCommitment commitment = byId.get(listing.commitmentId());
            if (commitment != null) {
                ForSale.of(listing, commitment, now)
                        .ifPresent(one -> offerings
                                .computeIfAbsent(one.offeringId(), id -> new ArrayList<>())
                                .add(one));
            }
        }
        offerings.values().forEach(ofOne -> ofOne.sort(ForSale.ORDER));
        return offerings;
    }

    /**
     * Buys from whoever sells cheapest, and from the next if that isn't enough.
     *
     * @return what was bought, an entry for each listing it is from, the cheapest first
     */
    public Outcome<List<PurchasedCommitment>> buy(Buy order) {
        List<String> candidates =
                offerings(order.account(), order.region()).getOrDefault(order.offeringId(), List.of()).stream()
                        .map(one -> one.listing().id())
                        .toList();
        return Transactions.decide(() -> switch (tokens.claim(
                order.account(), order.region(), CommitmentPurchases.PURCHASE, order.clientToken(), order.request())) {
            case Claim.Mismatch(Refusal refusal) -> Outcome.refused(refusal);
            case Claim.Repeat(String ids) -> Outcome.done(inOrder(Arrays.asList(ids.split(",", -1))));
            case Claim.Fresh() -> buyFresh(order, candidates);
        });
    }

    private List<PurchasedCommitment> inOrder(List<String> ids) {
        Map<String, PurchasedCommitment> byId = new HashMap<>();
        commitments.all(ids).forEach(one -> byId.put(one.id(), one));
        return ids.stream().map(id -> Objects.requireNonNull(byId.get(id))).toList();
    }

    /** @param candidates what looked like the offering before anything was locked */
    private Outcome<List<PurchasedCommitment>> buyFresh(Buy order, List<String> candidates) {
        List<Listing> locked = listings.lock(candidates);
        Map<String, PurchasedCommitment> byId = new HashMap<>();
        for (String id :
                new TreeSet<>(locked.stream().map(Listing::commitmentId).toList())) {
            commitments.lock(id).ifPresent(one -> byId.put(id, one));
        }
        Instant now = now();
        List<ForSale> forSale = byOffering(locked, byId, now).getOrDefault(order.offeringId(), List.of());
        if (candidates.isEmpty()) {
            return Outcome.refused(
                    ErrorCode.OFFERING_NOT_FOUND,
                    "offeringId",
                    "There is no offering " + order.offeringId() + " in " + order.region());
        }
        Optional<List<Take>> found = ForSale.cheapest(forSale, order.count());
        if (found.isEmpty()) {
            int available =
                    forSale.stream().mapToInt(one -> one.listing().available()).sum();
            return Outcome.refused(
                    ErrorCode.INSUFFICIENT_RESERVED_INSTANCES_CAPACITY,
                    "instanceCount",
                    available + " are for sale, not " + order.count());
        }
        List<Take> takes = found.get();
        Money price = takes.stream().map(Take::cost).reduce(Money.ZERO, Money::plus);
        if (order.limitPrice() != null && price.compareTo(order.limitPrice()) > 0) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    "limitPrice",
                    "They cost " + price + " USD now, more than " + order.limitPrice());
        }
        List<PurchasedCommitment> bought = settle(
                takes.stream()
                        .map(take -> take.to(order.account(), now, Marketplace::newId))
                        .toList(),
                now);
        tokens.complete(
                order.account(),
                order.region(),
                CommitmentPurchases.PURCHASE,
                order.clientToken(),
                String.join(",", bought.stream().map(PurchasedCommitment::id).toList()));
        return Outcome.done(bought);
    }

    /** Records all sales of a purchase at once: what they lock, they lock in one order. */
    private List<PurchasedCommitment> settle(List<Sale> sales, Instant now) {
        List<PurchasedCommitment> bought = sales.stream().map(Sale::bought).toList();
        List<PurchasedCommitment> begun = new ArrayList<>(bought);
        sales.forEach(sale -> sale.rest().ifPresent(begun::add));
        succession.record(sales.stream().map(Sale::retired).toList(), begun, now);
        for (Sale sale : sales) {
            listings.update(sale.listing());
            ledger.post(
                    JournalEntry.ofSale(sale.retired().account(), sale.retired().id(), now, sale.paid(), sale.fee()));
        }
        return bought;
    }

    /** Closes a listing once less than a month is left of what it sells. */
    @Singleton
    static class Closes implements TimerHandler {

        private final ListingStore listings;
        private final Timers timers;

        Closes(ListingStore listings, Timers timers) {
            this.listings = listings;
            this.timers = timers;
        }

        @Override
        public String kind() {
            return CLOSES;
        }

        @Override
        public void fire(List<DueTimer> due) {
            QuarkusTransaction.requiringNew().run(() -> {
                Map<String, DueTimer> claimed = new HashMap<>();
                timers.claim(due).forEach(timer -> claimed.put(timer.subject(), timer));
                for (Listing listing : listings.lock(claimed.keySet())) {
                    listings.update(listing.closed(
                            Objects.requireNonNull(claimed.get(listing.id())).dueAt()));
                }
            });
        }
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    /** As fine as the database keeps it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
