package io.cumulet.spotmarket.publish;

import io.cumulet.contract.EventIds;
import io.cumulet.contract.EventType;
import io.cumulet.contract.SpotAllocation;
import io.cumulet.contract.SpotInterruption;
import io.cumulet.contract.SpotPriceSnapshot;
import io.cumulet.contract.SpotRequestSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.outbox.NewEvent;
import io.cumulet.plumbing.outbox.Outbox;
import io.cumulet.spotmarket.app.MarketEvents;
import io.cumulet.spotmarket.app.Pools;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.Progress;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.cumulet.spotmarket.domain.requests.Terms;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
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
    public void priceChanged(Pools.Price price, @Nullable String causeId) {
        PoolId pool = price.pool();
        outbox.append(new NewEvent(
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
                        price.from())));
    }

    @Override
    public void requestChanged(SpotRequest request, Instant at, @Nullable String causeId) {
        Terms terms = request.terms();
        Progress progress = request.progress();
        append(
                EventType.SPOT_REQUEST_CHANGED,
                request.id(),
                request,
                request.version(),
                at,
                causeId,
                new SpotRequestSnapshot(
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
                        terms.membership().zoneGroup()));
    }

    @Override
    public void allocated(SpotRequest request, Instant at, @Nullable String causeId) {
        Terms terms = request.terms();
        Terms.Launch launch = terms.launch();
        append(
                EventType.SPOT_ALLOCATED,
                request.id(),
                request,
                request.progress().unit(),
                at,
                causeId,
                new SpotAllocation(
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
                        launch.hasUserData()));
    }

    @Override
    public void warned(SpotRequest request, Instant at, @Nullable String causeId) {
        interruption(
                EventType.SPOT_INTERRUPTION_WARNED, request, request.progress().told(), at, causeId);
    }

    @Override
    public void evicted(SpotRequest request, Instant at) {
        long version = request.progress().told();
        String instanceId = Objects.requireNonNull(request.progress().instanceId());
        // Its cause is the warning, the version before.
        String warning = EventIds.of(Topic.SPOT_INTERRUPTIONS, instanceId, version - 1);
        interruption(EventType.SPOT_EVICTED, request, version, at, warning);
    }

    @Override
    public void requestEnded(SpotRequest request, Instant at, @Nullable String causeId) {
        String terminate = Terms.InterruptionBehavior.TERMINATE.code();
        long version = request.progress().told();
        interruption(
                EventType.SPOT_EVICTED, request, version, SpotInterruption.REQUEST_ENDED, terminate, at, at, causeId);
    }

    private void interruption(EventType type, SpotRequest request, long version, Instant at, @Nullable String causeId) {
        Progress.Interruption interruption =
                Objects.requireNonNull(request.progress().interruption());
        interruption(
                type,
                request,
                version,
                interruption.reason().code(),
                request.terms().behavior().code(),
                interruption.actionAt(),
                at,
                causeId);
    }

    /**
     * Events of an instance count up from 1; the end of its request is the last.
     */
    private void interruption(
            EventType type,
            SpotRequest request,
            long version,
            String reason,
            String action,
            Instant actionAt,
            Instant at,
            @Nullable String causeId) {
        Terms terms = request.terms();
        String instanceId = Objects.requireNonNull(request.progress().instanceId());
        append(
                type,
                instanceId,
                request,
                version,
                at,
                causeId,
                new SpotInterruption(
                        instanceId,
                        request.id(),
                        request.account().value(),
                        terms.pool().zone().region().value(),
                        terms.pool().zone().value(),
                        terms.pool().type().value(),
                        terms.pool().os().code(),
                        reason,
                        action,
                        actionAt,
                        at));
    }

    private void append(
            EventType type,
            String key,
            SpotRequest request,
            long version,
            Instant at,
            @Nullable String causeId,
            Record data) {
        outbox.append(new NewEvent(
                type, key, request.account(), request.terms().pool().zone().region(), version, at, causeId, data));
    }
}
