package io.cumulet.spotmarket.app;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.idempotency.Claim;
import io.cumulet.plumbing.idempotency.ClientTokens;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.timers.TimerHandler;
import io.cumulet.plumbing.timers.Timers;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.requests.BidState;
import io.cumulet.spotmarket.domain.requests.InterruptionReason;
import io.cumulet.spotmarket.domain.requests.Progress;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Interruptions that somebody asks for, to see how his software takes them. From the warning on they are like any other.
 *
 * @see <a href="https://docs.aws.amazon.com/fis/latest/userguide/fis-actions-reference.html">AWS Fault Injection Service:
 *     aws:ec2:send-spot-instance-interruptions</a>
 */
@ApplicationScoped
public class Interruptions {

    /** Timers of warnings that come after a rebalance recommendation. */
    static final String WARNING = "spot.injected-warning";

    private static final String INJECT = "inject-interruptions";
    private static final int LARGEST_SEED = 1_000_000;

    private final Market market;
    private final Requests requests;
    private final Instances instances;
    private final Timers timers;
    private final ClientTokens tokens;
    private final StackClock clock;

    public Interruptions(
            Market market,
            Requests requests,
            Instances instances,
            Timers timers,
            ClientTokens tokens,
            StackClock clock) {
        this.market = market;
        this.requests = requests;
        this.instances = instances;
        this.timers = timers;
        this.tokens = tokens;
        this.clock = clock;
    }

    /** Whose instances may be interrupted, and who asks. */
    public record Scope(AccountId caller, boolean anybodys, Region region) {}

    /** Which instances. */
    public sealed interface Target {

        record Named(List<String> instanceIds) implements Target {}

        /**
         * A share of a fleet's running instances, rounded up.
         *
         * @param percent 1 to 100
         * @param seed of the choice: the same seed chooses the same of the same instances; null for any
         */
        record Share(String fleetId, int percent, @Nullable Integer seed) implements Target {}
    }

    /**
     * When.
     *
     * @param notice from the warning to the interruption
     * @param rebalanceBefore from a rebalance recommendation to the warning; null if there is none
     */
    public record Timing(Duration notice, @Nullable Duration rebalanceBefore) {}

    /** An interruption that will come about. */
    public record Injected(String instanceId, String requestId, Instant warnedAt, Instant actionAt) {}

    /** @param seed of the choice among a fleet's; null if they were named */
    public record Result(
            List<Injected> interruptions, @Nullable Integer seed) {}

    /** Finds the requests of instances. */
    public interface Instances {

        /**
         * The request that has an instance, or had it last, and its pool.
         *
         * @param account null for anybody's
         */
        List<Found> named(@Nullable AccountId account, Region region, List<String> instanceIds);

        /** The requests of a fleet whose instances run; likewise. */
        List<Found> ofFleet(@Nullable AccountId account, Region region, String fleetId);

        /** Whether a fleet ever made a request; likewise. */
        boolean isFleet(@Nullable AccountId account, Region region, String fleetId);
    }

    /** A request and the pool it is in. */
    public record Found(String requestId, PoolId pool) {}

    /**
     * Warns all of them, or recommends rebalancing and sets the time of the warning; or none of them, if one isn't a spot
     * instance that runs and wasn't warned yet.
     *
     * @param said what the caller sent, without the token
     */
    @Transactional
    public Outcome<Result> inject(
            Scope scope, Target target, Timing timing, @Nullable String clientToken, Object said) {
        return switch (tokens.claim(scope.caller(), scope.region(), INJECT, clientToken, said)) {
            case Claim.Mismatch(Refusal refusal) -> Outcome.refused(refusal);
            case Claim.Repeat(String result) -> Outcome.done(ResultText.read(result));
            case Claim.Fresh() -> {
                Result result = injected(scope, target, timing);
                tokens.complete(scope.caller(), scope.region(), INJECT, clientToken, ResultText.write(result));
                yield Outcome.done(result);
            }
        };
    }

    private Result injected(Scope scope, Target target, Timing timing) {
        AccountId owner = scope.anybodys() ? null : scope.caller();
        return switch (target) {
            case Target.Named(List<String> ids) -> {
                List<Found> found = instances.named(owner, scope.region(), ids);
                List<SpotRequest> chosen = named(locked(found), new LinkedHashSet<>(ids), scope.region());
                yield new Result(interrupt(chosen, timing), null);
            }
            case Target.Share(String fleetId, int percent, Integer given) -> {
                List<Found> found = instances.ofFleet(owner, scope.region(), fleetId);
                if (found.isEmpty() && !instances.isFleet(owner, scope.region(), fleetId)) {
                    throw Refusal.of(
                                    ErrorCode.FLEET_NOT_FOUND,
                                    "fleetId",
                                    "There is no fleet " + fleetId + " with spot requests in " + scope.region())
                            .asException();
                }
                int seed = given == null ? ThreadLocalRandom.current().nextInt(LARGEST_SEED) : given;
                List<SpotRequest> chosen = share(locked(found), percent, seed);
                yield new Result(interrupt(chosen, timing), seed);
            }
        };
    }

    private List<SpotRequest> locked(List<Found> found) {
        market.lock(found.stream().map(Found::pool).collect(Collectors.toSet()));
        return requests.find(found.stream().map(Found::requestId).toList());
    }

    private static List<SpotRequest> named(List<SpotRequest> found, Set<String> instanceIds, Region region) {
        Map<String, SpotRequest> byInstance = new HashMap<>();
        found.forEach(request -> {
            String instanceId = request.progress().instanceId();
            if (instanceId != null) {
                byInstance.put(instanceId, request);
            }
        });
        List<SpotRequest> named = new ArrayList<>();
        for (String id : instanceIds) {
            SpotRequest request = byInstance.get(id);
            if (request == null) {
                throw Refusal.of(
                                ErrorCode.INSTANCE_NOT_FOUND,
                                "instanceIds",
                                "There is no spot instance " + id + " in " + region)
                        .asException();
            }
            if (!mayBeWarned(request)) {
                Progress progress = request.progress();
                throw Refusal.of(
                                ErrorCode.INCORRECT_SPOT_REQUEST_STATE,
                                "instanceIds",
                                "Instance " + id + " doesn't run, or was told to leave already: its request "
                                        + request.id() + " is "
                                        + progress.state().code() + ", "
                                        + progress.status().code())
                        .asException();
            }
            named.add(request);
        }
        return named;
    }

    private static List<SpotRequest> share(List<SpotRequest> found, int percent, int seed) {
        List<SpotRequest> running = new ArrayList<>(
                found.stream().filter(Interruptions::mayBeWarned).toList());
        running.sort(Comparator.comparing(SpotRequest::id));
        Collections.shuffle(running, new Random(seed));
        return running.subList(0, Math.ceilDiv(running.size() * percent, 100));
    }

    private static boolean mayBeWarned(SpotRequest request) {
        return request.progress().bid() == BidState.RUNNING;
    }

    private List<Injected> interrupt(List<SpotRequest> chosen, Timing timing) {
        Instant now = clock.instant();
        Duration before = timing.rebalanceBefore();
        Instant warnedAt = before == null ? now : now.plus(before);
        Instant actionAt = warnedAt.plus(timing.notice());
        if (before == null) {
            warn(market, chosen, actionAt);
        } else {
            recommend(chosen, warnedAt, timing.notice());
        }
        return chosen.stream()
                .map(request -> new Injected(instanceOf(request), request.id(), warnedAt, actionAt))
                .toList();
    }

    private void recommend(List<SpotRequest> chosen, Instant warnedAt, Duration notice) {
        Changes changes = new Changes();
        List<DueTimer> warnings = new ArrayList<>();
        for (SpotRequest request : chosen) {
            SpotRequest told = request.rebalanceRecommended();
            if (!told.equals(request)) {
                changes.change(request, told, null);
                changes.rebalanceRecommended(told, null);
            }
            // Each has a name of its own: one that replaced another would wait for it, and hold pools meanwhile.
            String subject = String.join(
                    "/", request.id(), instanceOf(request), UUID.randomUUID().toString());
            warnings.add(new DueTimer(WARNING, subject, warnedAt, notice.toString()));
        }
        market.write(changes);
        timers.schedule(warnings);
    }

    /** Warns requests of locked pools, and clears these: the bids of those that leave are out. */
    private static void warn(Market market, List<SpotRequest> chosen, Instant actionAt) {
        Changes changes = new Changes();
        Set<PoolId> pools = new TreeSet<>();
        for (SpotRequest request : chosen) {
            SpotRequest leaving = request.warned(InterruptionReason.INJECTED, actionAt);
            changes.change(request, leaving, null);
            changes.warned(leaving, null);
            pools.add(request.terms().pool());
        }
        market.write(changes);
        market.clear(pools, null);
    }

    private static String instanceOf(SpotRequest request) {
        String instanceId = request.progress().instanceId();
        if (instanceId == null) {
            throw new IllegalStateException(request.id() + " runs without an instance");
        }
        return instanceId;
    }

    /** The time of a warning that was announced by a rebalance recommendation. */
    @Singleton
    static class Turn implements TimerHandler {
        private final Market market;
        private final Requests requests;
        private final Timers timers;
        private final StackClock clock;

        Turn(Market market, Requests requests, Timers timers, StackClock clock) {
            this.market = market;
            this.requests = requests;
            this.timers = timers;
            this.clock = clock;
        }

        @Override
        public String kind() {
            return WARNING;
        }

        /** Who was warned meanwhile, or is gone, is left alone. The notice counts from now, however late this comes. */
        @Override
        public void fire(List<DueTimer> due) {
            QuarkusTransaction.requiringNew().run(() -> {
                // Whoever holds a pool may set such a timer: so the pools come first.
                market.lock(requests.poolsOf(due.stream()
                        .map(timer -> timer.subject().split("/", 3)[0])
                        .toList()));
                // A request may have another instance than the one it was announced for. Of two for one the earlier
                // counts.
                Map<String, DueTimer> byInstance = new HashMap<>();
                Set<String> ids = new HashSet<>();
                for (DueTimer timer : timers.claim(due)) {
                    String[] parts = timer.subject().split("/", 3);
                    ids.add(parts[0]);
                    byInstance.putIfAbsent(parts[1], timer);
                }
                Instant now = clock.instant();
                Map<Instant, List<SpotRequest>> warned = new HashMap<>();
                for (SpotRequest request : requests.find(ids)) {
                    DueTimer timer = byInstance.get(request.progress().instanceId());
                    if (timer != null && mayBeWarned(request)) {
                        warned.computeIfAbsent(now.plus(Duration.parse(timer.payload())), actionAt -> new ArrayList<>())
                                .add(request);
                    }
                }
                warned.forEach((actionAt, chosen) -> warn(market, chosen, actionAt));
            });
        }
    }

    /** A result as it is kept with its client token: a line for the seed and one for each interruption. */
    private static final class ResultText {

        private ResultText() {}

        static String write(Result result) {
            String seed = result.seed() == null ? "" : result.seed().toString();
            return seed + "\n"
                    + result.interruptions().stream()
                            .map(one -> String.join(
                                    " ",
                                    one.instanceId(),
                                    one.requestId(),
                                    one.warnedAt().toString(),
                                    one.actionAt().toString()))
                            .collect(Collectors.joining("\n"));
        }

        static Result read(String text) {
            String[] lines = text.split("\n", -1);
            List<Injected> interruptions = Arrays.stream(lines)
                    .skip(1)
                    .filter(line -> !line.isEmpty())
                    .map(line -> line.split(" ", -1))
                    .map(words -> new Injected(words[0], words[1], Instant.parse(words[2]), Instant.parse(words[3])))
                    .toList();
            return new Result(interruptions, lines[0].isEmpty() ? null : Integer.valueOf(lines[0]));
        }
    }
}
