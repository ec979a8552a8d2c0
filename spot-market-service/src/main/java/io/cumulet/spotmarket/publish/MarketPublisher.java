package io.cumulet.spotmarket.publish;

import io.cumulet.contract.EventIds;
import io.cumulet.contract.EventType;
import io.cumulet.contract.SpotAllocation;
import io.cumulet.contract.SpotInterruption;
import io.cumulet.contract.SpotPriceSnapshot;
import io.cumulet.contract.SpotRebalance;
import io.cumulet.contract.SpotRequestSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.outbox.NewEvent;
import io.cumulet.plumbing.outbox.Outbox;
import io.cumulet.spotmarket.app.LaunchOptions;
import io.cumulet.spotmarket.app.MarketEvents;
import io.cumulet.spotmarket.app.MarketNews;
import io.cumulet.spotmarket.app.Pools;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.Progress;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.cumulet.spotmarket.domain.requests.Terms;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts the market's news into the outbox. */
@ApplicationScoped
class MarketPublisher implements MarketEvents {

    private final Outbox outbox;

    MarketPublisher(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public void tell(List<MarketNews> news, Instant at) {
        outbox.append(news.stream().map(item -> event(item, at)).toList());
    }

    private static NewEvent event(MarketNews news, Instant at) {
        return switch (news) {
            case MarketNews.PriceChanged(Pools.Price price, String causeId) -> priceChanged(price, causeId);
            case MarketNews.RequestChanged(SpotRequest request, String causeId) ->
                event(
                        EventType.SPOT_REQUEST_CHANGED,
                        request.id(),
                        request,
                        request.version(),
                        at,
                        causeId,
                        snapshot(request, at));
            case MarketNews.Allocated(SpotRequest request, String causeId) ->
                event(
                        EventType.SPOT_ALLOCATED,
                        request.id(),
                        request,
                        request.progress().unit(),
                        at,
                        causeId,
                        allocation(request, at));
            case MarketNews.RebalanceRecommended(SpotRequest request, String causeId) ->
                ofInstance(EventType.SPOT_REBALANCE_RECOMMENDED, request, at, causeId, rebalance(request, at));
            case MarketNews.Warned(SpotRequest request, String causeId) ->
                ofInstance(EventType.SPOT_INTERRUPTION_WARNED, request, at, causeId, interruption(request, at));
            case MarketNews.Evicted(SpotRequest request) ->
                ofInstance(EventType.SPOT_EVICTED, request, at, warning(request), interruption(request, at));
            case MarketNews.RequestEnded(SpotRequest request, String causeId) ->
                ofInstance(EventType.SPOT_EVICTED, request, at, causeId, end(request, at));
        };
    }

    private static NewEvent priceChanged(Pools.Price price, @Nullable String causeId) {
        PoolId pool = price.pool();
        return new NewEvent(
                EventType.SPOT_PRICE_CHANGED,
                pool.toString(),
                AccountId.OPERATOR,
                pool.zone().region(),
                price.version(),
                price.from(),
                causeId,
                new SpotPriceSnapshot(
                        pool.zone().value(),
                        pool.type().value(),
                        pool.os().code(),
                        price.version(),
                        price.price().toString(),
                        price.from()));
    }

    private static SpotRequestSnapshot snapshot(SpotRequest request, Instant at) {
        Terms terms = request.terms();
        Progress progress = request.progress();
        return new SpotRequestSnapshot(
                request.id(),
                request.account().value(),
                terms.pool().zone().region().value(),
                terms.pool().zone().value(),
                terms.pool().type().value(),
                terms.pool().os().code(),
                request.version(),
                terms.kind().code(),
                progress.state().code(),
                progress.status().code(),
                terms.maxPrice().toString(),
                terms.behavior().code(),
                progress.instanceId(),
                terms.createdAt(),
                at,
                terms.membership().fleetId(),
                terms.membership().launchGroup(),
                terms.membership().zoneGroup());
    }

    private static SpotAllocation allocation(SpotRequest request, Instant at) {
        Terms terms = request.terms();
        Terms.Launch launch = terms.launch();
        return new SpotAllocation(
                request.id(),
                request.progress().unit(),
                request.hasStoppedInstance() ? request.progress().instanceId() : null,
                request.account().value(),
                terms.pool().zone().region().value(),
                terms.pool().zone().value(),
                at,
                launch.imageId(),
                terms.pool().type().value(),
                terms.pool().os().code(),
                terms.maxPrice().toString(),
                terms.behavior().code(),
                launch.subnetId(),
                launch.keyName(),
                launch.securityGroupIds(),
                launch.tags(),
                launch.hasUserData(),
                LaunchOptions.read(launch.options()));
    }

    private static SpotRebalance rebalance(SpotRequest request, Instant at) {
        PoolId pool = request.terms().pool();
        return new SpotRebalance(
                instanceId(request),
                request.id(),
                request.account().value(),
                pool.zone().region().value(),
                pool.zone().value(),
                pool.type().value(),
                pool.os().code(),
                at);
    }

    private static SpotInterruption interruption(SpotRequest request, Instant at) {
        Progress.Interruption interruption =
                Objects.requireNonNull(request.progress().interruption());
        return interruption(
                request,
                interruption.reason().code(),
                request.terms().behavior().code(),
                interruption.actionAt(),
                at);
    }

    private static SpotInterruption end(SpotRequest request, Instant at) {
        return interruption(
                request, SpotInterruption.REQUEST_ENDED, Terms.InterruptionBehavior.TERMINATE.code(), at, at);
    }

    private static SpotInterruption interruption(
            SpotRequest request, String reason, String action, Instant actionAt, Instant at) {
        PoolId pool = request.terms().pool();
        return new SpotInterruption(
                instanceId(request),
                request.id(),
                request.account().value(),
                pool.zone().region().value(),
                pool.zone().value(),
                pool.type().value(),
                pool.os().code(),
                reason,
                action,
                actionAt,
                at);
    }

    /** The cause of an eviction is the warning, the version before. */
    private static String warning(SpotRequest request) {
        return EventIds.of(
                Topic.SPOT_INTERRUPTIONS,
                instanceId(request),
                request.progress().told() - 1);
    }

    private static String instanceId(SpotRequest request) {
        return Objects.requireNonNull(request.progress().instanceId());
    }

    /** Events of an instance count up from 1. */
    private static NewEvent ofInstance(
            EventType type, SpotRequest request, Instant at, @Nullable String causeId, Record data) {
        return event(type, instanceId(request), request, request.progress().told(), at, causeId, data);
    }

    private static NewEvent event(
            EventType type,
            String key,
            SpotRequest request,
            long version,
            Instant at,
            @Nullable String causeId,
            Record data) {
        return new NewEvent(
                type, key, request.account(), request.terms().pool().zone().region(), version, at, causeId, data);
    }
}
