package io.cumulet.spotmarket.app;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.idempotency.Claim;
import io.cumulet.plumbing.idempotency.ClientTokens;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.spotmarket.config.MarketConfig;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.cumulet.spotmarket.domain.requests.Terms;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes, shows and cancels an account's spot requests. */
@ApplicationScoped
public class SpotRequests {

    private static final String REQUEST = "request-spot-instances";

    private final Market market;
    private final Requests requests;
    private final Timers timers;
    private final ClientTokens tokens;
    private final StackClock clock;
    private final RequestSearch search;
    private final ZoneGroups zoneGroups;
    private final UserData userData;
    private final RequestTags.Store tags;
    private final MarketConfig config;

    public SpotRequests(
            Market market,
            Requests requests,
            Timers timers,
            ClientTokens tokens,
            StackClock clock,
            RequestSearch search,
            ZoneGroups zoneGroups,
            UserData userData,
            RequestTags.Store tags,
            MarketConfig config) {
        this.market = market;
        this.requests = requests;
        this.timers = timers;
        this.tokens = tokens;
        this.clock = clock;
        this.search = search;
        this.zoneGroups = zoneGroups;
        this.userData = userData;
        this.tags = tags;
        this.config = config;
    }

    /**
     * Makes requests of one unit each, and clears their pool at once.
     *
     * @param terms asked for only if the token is fresh: what was right at the first time needn't be so when it is repeated
     * @param startsWith user data of each instance, base64; null if there is none
     * @param ownTags the requests' own; null if they have those of their instances
     * @param said what the caller sent, without the token: the same token with something else is refused
     */
    @Transactional
    public Outcome<List<SpotRequest>> make(
            AccountId account,
            Region region,
            Supplier<Terms> terms,
            int count,
            @Nullable String startsWith,
            @Nullable Map<String, String> ownTags,
            @Nullable String clientToken,
            Object said) {
        return switch (tokens.claim(account, region, REQUEST, clientToken, said)) {
            case Claim.Mismatch(Refusal refusal) -> Outcome.refused(refusal);
            case Claim.Repeat(String result) -> Outcome.done(requests.find(Arrays.asList(result.split(",", -1))));
            case Claim.Fresh() -> {
                mustBeFewEnough(account, region, count);
                List<String> ids = add(account, terms.get(), count);
                userData.keep(ids, startsWith);
                if (ownTags != null) {
                    tags.set(ids, ownTags);
                }
                tokens.complete(account, region, REQUEST, clientToken, String.join(",", ids));
                yield Outcome.done(requests.find(ids));
            }
        };
    }

    /** Of calls at the same time each counts without the other: the limit protects the market, it isn't a promise. */
    private void mustBeFewEnough(AccountId account, Region region, int count) {
        int most = config.mostOpenRequestsPerAccount();
        if (search.countOpen(account, region) + count > most) {
            throw Refusal.of(
                            ErrorCode.MAX_SPOT_INSTANCE_COUNT_EXCEEDED,
                            "count",
                            "An account has at most " + most + " open spot requests in " + region)
                    .asException();
        }
    }

    private List<String> add(AccountId account, Terms terms, int count) {
        PoolId pool = terms.pool();
        Instant now = clock.instant();
        boolean isElsewhere = zoneGroups
                .hold(account, pool.zone().region(), terms.membership().zoneGroup())
                .filter(zone -> !zone.equals(pool.zone()))
                .isPresent();
        market.lock(Set.of(pool));
        Changes changes = new Changes();
        List<DueTimer> times = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = ResourceKind.SPOT_REQUEST.newId();
            SpotRequest request = isElsewhere
                    ? SpotRequest.openOutsideItsZoneGroup(id, account, terms)
                    : SpotRequest.open(id, account, terms, now);
            changes.add(request, null);
            Instant from = terms.validFrom();
            if (from != null && from.isAfter(now)) {
                times.add(new DueTimer(Schedule.VALID_FROM, request.id(), from, ""));
            }
            Instant until = terms.validUntil();
            if (until != null) {
                times.add(new DueTimer(Schedule.VALID_UNTIL, request.id(), until, ""));
            }
            ids.add(request.id());
        }
        market.write(changes);
        timers.schedule(times);
        market.clear(Set.of(pool), null);
        return ids;
    }

    /** A request of this account and region; another's is as good as none. */
    @Transactional
    public Outcome<SpotRequest> find(AccountId account, Region region, String requestId) {
        return own(requests.find(requestId), account, region, requestId);
    }

    /** A page of an account's requests; see {@link RequestSearch#page}. */
    @Transactional
    public List<SpotRequest> page(
            AccountId account, Region region, RequestSearch.Filter filter, @Nullable String after, int size) {
        List<String> ids = search.page(account, region, filter, after, size);
        return ids.isEmpty()
                ? List.of()
                : requests.find(ids).stream()
                        .sorted(Comparator.comparing(SpotRequest::id))
                        .toList();
    }

    /**
     * Takes a request back; its instance goes on if it runs, and ends if it is stopped. A request that is over stays as it
     * is.
     */
    @Transactional
    public Outcome<SpotRequest> cancel(AccountId account, Region region, String requestId) {
        market.lock(requests.poolsOf(List.of(requestId)));
        Outcome<SpotRequest> found = own(requests.find(requestId), account, region, requestId);
        return switch (found) {
            case Outcome.Refused<SpotRequest> refused -> refused;
            case Outcome.Done<SpotRequest>(SpotRequest before) -> {
                SpotRequest after = before.cancelled();
                if (!after.equals(before)) {
                    market.change(before, after, null);
                    market.endStopped(before, after);
                    timers.cancel(Schedule.VALID_FROM, requestId);
                    timers.cancel(Schedule.VALID_UNTIL, requestId);
                    market.clear(Set.of(after.terms().pool()), null);
                }
                yield Outcome.done(after);
            }
        };
    }

    private static Outcome<SpotRequest> own(
            Optional<SpotRequest> found, AccountId account, Region region, String requestId) {
        return found.filter(request -> request.account().equals(account)
                        && request.terms().pool().zone().region().equals(region))
                .map(Outcome::done)
                .orElseGet(() -> Outcome.refused(
                        ErrorCode.SPOT_REQUEST_NOT_FOUND,
                        "spotRequestId",
                        "There is no spot request " + requestId + " in " + region));
    }
}
