package io.cumulet.spotmarket.store;

import io.cumulet.contract.ContractJson;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Region;
import io.cumulet.spotmarket.app.Requests;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.BidState;
import io.cumulet.spotmarket.domain.requests.InterruptionReason;
import io.cumulet.spotmarket.domain.requests.Progress;
import io.cumulet.spotmarket.domain.requests.RequestState;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.cumulet.spotmarket.domain.requests.StatusCode;
import io.cumulet.spotmarket.domain.requests.Terms;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Parameters;
import io.quarkus.panache.common.Sort;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Spot requests in PostgreSQL. */
@ApplicationScoped
class RequestRepository implements Requests, PanacheRepositoryBase<SpotRequestEntity, String> {

    @Override
    public void add(SpotRequest request) {
        SpotRequestEntity row = new SpotRequestEntity();
        row.requestId = request.id();
        row.account = request.account().value();
        Terms terms = request.terms();
        row.region = terms.pool().zone().region().value();
        row.pool = terms.pool().toString();
        row.maxPrice = terms.maxPrice().usd();
        row.kind = terms.kind().name();
        row.behavior = terms.behavior().name();
        row.validFrom = terms.validFrom();
        row.validUntil = terms.validUntil();
        row.createdAt = terms.createdAt();
        row.launch = new String(ContractJson.write(terms.launch()), StandardCharsets.UTF_8);
        row.launchGroup = terms.membership().launchGroup();
        row.zoneGroup = terms.membership().zoneGroup();
        row.fleetId = terms.membership().fleetId();
        row.adopted = request.adopted();
        fill(row, request);
        persist(row);
    }

    @Override
    public void save(SpotRequest request) {
        SpotRequestEntity row = findById(request.id());
        if (row == null) {
            throw new IllegalStateException("No spot request " + request.id());
        }
        fill(row, request);
    }

    private static void fill(SpotRequestEntity row, SpotRequest request) {
        Progress progress = request.progress();
        row.state = progress.state().name();
        row.status = progress.status().name();
        row.bid = progress.bid().name();
        row.unit = progress.unit();
        row.instanceId = progress.instanceId();
        row.blockedAtCapacity = progress.blockedAtCapacity();
        Progress.Interruption interruption = progress.interruption();
        row.interruptionReason =
                interruption == null ? null : interruption.reason().name();
        row.interruptionAt = interruption == null ? null : interruption.actionAt();
        row.told = progress.told();
        row.rebalanceRecommended = progress.rebalanceRecommended();
        row.cancelled = progress.cancelled();
        row.version = request.version();
    }

    @Override
    public Optional<SpotRequest> find(String requestId) {
        return findByIdOptional(requestId).map(RequestRepository::read);
    }

    @Override
    public List<SpotRequest> find(Collection<String> requestIds) {
        return list("requestId in ?1", Sort.by("requestId"), requestIds).stream()
                .map(RequestRepository::read)
                .toList();
    }

    @Override
    public Set<PoolId> poolsOf(Collection<String> requestIds) {
        Set<PoolId> pools = new TreeSet<>();
        find("select distinct r.pool from SpotRequestEntity r where r.requestId in ?1", requestIds)
                .project(String.class)
                .list()
                .forEach(pool -> pools.add(PoolId.parse(pool)));
        return pools;
    }

    @Override
    public List<SpotRequest> live(PoolId pool) {
        return list("pool = ?1 and bid <> 'NONE'", pool.toString()).stream()
                .map(RequestRepository::read)
                .toList();
    }

    @Override
    public List<PoolId> livePools(String familyKey) {
        return find(
                        "select distinct r.pool from SpotRequestEntity r where r.bid <> 'NONE' and r.pool like ?1",
                        familyKey + ".%")
                .project(String.class)
                .list()
                .stream()
                .map(PoolId::parse)
                .toList();
    }

    @Override
    public long countOpen() {
        return count("state", RequestState.OPEN.name());
    }

    @Override
    public boolean advance(String requestId, String instanceId, long instanceVersion) {
        SpotRequestEntity row = findById(requestId);
        if (row == null) {
            return false;
        }
        boolean another = !instanceId.equals(row.instanceId);
        if (!another && instanceVersion <= row.instanceVersion) {
            return false;
        }
        row.instanceVersion = instanceVersion;
        return true;
    }

    @Override
    public List<SpotRequest> page(AccountId account, Region region, Filter filter, @Nullable String after, int size) {
        StringBuilder query = new StringBuilder("account = :account and region = :region");
        Parameters parameters = Parameters.with("account", account.value()).and("region", region.value());
        if (after != null) {
            query.append(" and requestId > :after");
            parameters.and("after", after);
        }
        in(query, parameters, "requestId", filter.requestIds());
        in(query, parameters, "state", filter.states());
        in(query, parameters, "instanceId", filter.instanceIds());
        return find(query.toString(), Sort.by("requestId"), parameters).page(0, size).list().stream()
                .map(RequestRepository::read)
                .toList();
    }

    private static void in(StringBuilder query, Parameters parameters, String field, List<String> values) {
        if (!values.isEmpty()) {
            query.append(" and ").append(field).append(" in :").append(field);
            parameters.and(field, values);
        }
    }

    private static SpotRequest read(SpotRequestEntity row) {
        Terms terms = new Terms(
                PoolId.parse(row.pool),
                new HourlyRate(row.maxPrice),
                Terms.Kind.valueOf(row.kind),
                Terms.InterruptionBehavior.valueOf(row.behavior),
                row.validFrom,
                row.validUntil,
                row.createdAt,
                launch(row.launch),
                new Terms.Membership(row.launchGroup, row.zoneGroup, row.fleetId));
        String reason = row.interruptionReason;
        java.time.Instant actionAt = row.interruptionAt;
        Progress progress = new Progress(
                RequestState.valueOf(row.state),
                StatusCode.valueOf(row.status),
                BidState.valueOf(row.bid),
                row.unit,
                row.instanceId,
                row.blockedAtCapacity,
                reason == null || actionAt == null
                        ? null
                        : new Progress.Interruption(InterruptionReason.valueOf(reason), actionAt),
                row.told,
                row.rebalanceRecommended,
                row.cancelled);
        return new SpotRequest(row.requestId, new AccountId(row.account), terms, progress, row.adopted, row.version);
    }

    private static Terms.Launch launch(String json) {
        try {
            return ContractJson.read(json.getBytes(StandardCharsets.UTF_8), Terms.Launch.class);
        } catch (IOException e) {
            throw new IllegalStateException("A spot request's launch can't be read: " + json, e);
        }
    }
}
