package io.cumulet.spotmarket;

import static io.cumulet.spotmarket.MarketStack.as;
import static io.cumulet.spotmarket.MarketStack.bid;
import static io.cumulet.spotmarket.MarketStack.newAccount;
import static io.cumulet.spotmarket.MarketStack.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.contract.EventType;
import io.cumulet.contract.SpotAllocation;
import io.cumulet.contract.SpotInterruption;
import io.cumulet.contract.SpotPriceSnapshot;
import io.cumulet.contract.Topic;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.plumbing.suite.ClockCoordinator;
import io.cumulet.spotmarket.MarketStack.Instance;
import io.cumulet.spotmarket.MarketStack.Pool;
import io.cumulet.spotmarket.MarketStack.Reader;
import io.cumulet.spotmarket.MarketStack.Told;
import io.cumulet.spotmarket.app.Pools;
import io.cumulet.spotmarket.app.Requests;
import io.cumulet.spotmarket.domain.market.PoolId;
import io.cumulet.spotmarket.domain.market.Room;
import io.cumulet.spotmarket.domain.requests.BidState;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What holds of the market whatever happens: seeded random days of one pool. The test plays the instance service, slowly: news
 * of instances and of capacity arrive late, twice, and out of order between each other; the market's decisions are carried
 * out late too. Each run prints its seed as its name, each failure its step.
 */
@QuarkusTest
@WithTestResource(
        value = StackResource.class,
        scope = TestResourceScope.GLOBAL,
        initArgs = @ResourceArg(name = "database", value = "spotmarket"))
class MarketLawsTest {

    private static final int STEPS = 50;
    private static final HourlyRate ON_DEMAND = HourlyRate.of("0.096");
    private static final HourlyRate FLOOR = HourlyRate.of("0.0096");
    private static final String[] MAX_PRICES = {"0.005", "0.020", "0.030", "0.030", "0.040", "0.050", "0.080", "0.120"};

    @Inject
    MarketStack stack;

    @Inject
    ClockCoordinator coordinator;

    @Inject
    StackClock clock;

    @Inject
    Requests requests;

    @Inject
    Pools pools;

    @BeforeEach
    void standStill() {
        coordinator.freeze();
    }

    @AfterEach
    void goOn() {
        coordinator.run();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void whateverHappensTheMarketKeepsItsLaws(long seed) {
        try (Day day = new Day(seed)) {
            for (int step = 0; step < STEPS; step++) {
                String what = day.somethingHappens();
                day.check("seed " + seed + ", step " + step + ": " + what);
            }
            day.settle("seed " + seed + ", settling");
        }
    }

    /** A unit as the instance service has it. */
    private static final class Unit {
        final Instance instance;
        final Deque<Runnable> toTell = new ArrayDeque<>();
        State state = State.RUNNING;
        Instant runsSince;
        /** How often the market said so. */
        int warned;

        int evicted;
        /** How a warning ended: by the eviction, or the market heard that it left by itself. */
        int takenDown;

        int leftByItself;

        Unit(Instance instance, Instant runsSince) {
            this.instance = instance;
            this.runsSince = runsSince;
        }

        enum State {
            RUNNING,
            STOPPED_BY_OWNER,
            STOPPED_BY_MARKET,
            GONE
        }

        void leavesByItself() {
            if (warned > takenDown + leftByItself) {
                leftByItself++;
            }
        }
    }

    /** A day of one pool, and the hosts under it. */
    private final class Day implements AutoCloseable {
        private final Random random;
        private final String account = newAccount();
        private final Pool pool;
        private final PoolId poolId;
        private final Reader reader =
                stack.new Reader(Topic.SPOT_PRICES, Topic.SPOT_ALLOCATIONS, Topic.SPOT_INTERRUPTIONS);
        private final Map<String, Unit> units = new LinkedHashMap<>();
        /** In the order in which they were made, since ids are random and a seed is to be played again. */
        private final List<String> requestIds = new ArrayList<>();

        private final List<Told> decisions = new ArrayList<>();
        private final List<Runnable> capacityToTell = new ArrayList<>();
        private int rooms = 2;
        private long priceVersion;
        private HourlyRate price;

        Day(long seed) {
            random = new Random(seed);
            pool = new Pool("us-east-1" + "abc".charAt((int) (seed % 3)), "m5.large");
            poolId = PoolId.parse(pool.key());
            stack.capacity(pool, rooms, 0);
            check("seed " + seed + ", beginning");
        }

        @Override
        public void close() {
            reader.close();
        }

        /** One thing, chosen at random; answers what. */
        String somethingHappens() {
            return switch (random.nextInt(22)) {
                case 0, 1, 2, 3 -> newRequest();
                case 4 -> newLaunch();
                case 5, 6, 7, 8, 9 -> newsOfAnInstance();
                case 10, 11, 12, 13, 14 -> aDecisionIsCarriedOut();
                case 15 -> newsOfCapacityAreWritten();
                case 16 -> newsOfCapacityArrive();
                case 17 -> onDemandComesOrGoes();
                case 18 -> oldNewsComeAgain();
                case 19 -> random.nextBoolean() ? theOwnerActs() : aRequestIsCancelled();
                default -> timePasses(Duration.ofSeconds(1 + random.nextInt(200)));
            };
        }

        private String newRequest() {
            String maxPrice = anyMaxPrice();
            boolean stops = random.nextBoolean();
            String id = request(
                    account,
                    stops || random.nextBoolean()
                            ? bid(
                                    pool,
                                    maxPrice,
                                    "type",
                                    "persistent",
                                    "interruptionBehavior",
                                    stops ? "stop" : "terminate")
                            : bid(pool, maxPrice));
            requestIds.add(id);
            return "a request for " + maxPrice;
        }

        /** No two alike: between equal bids of one moment the random ids decide, and the seed would not. */
        private String anyMaxPrice() {
            return String.format("%s%04d", MAX_PRICES[random.nextInt(MAX_PRICES.length)], requestIds.size());
        }

        /** A launch with market spot: the market learns of it from the instance's events. */
        private String newLaunch() {
            if (held() >= rooms) {
                return "a launch without room";
            }
            String maxPrice = anyMaxPrice();
            Instance instance =
                    stack.new Instance(account, pool, maxPrice, null).with(random.nextBoolean() ? "stop" : "terminate");
            requestIds.add(instance.requestId);
            boots(added(instance), EventType.INSTANCE_LAUNCHED);
            return "a launch for " + maxPrice;
        }

        private String newsOfAnInstance() {
            Unit unit = any(u -> !u.toTell.isEmpty());
            if (unit == null) {
                return "no news of an instance";
            }
            for (int left = 1 + random.nextInt(unit.toTell.size()); left > 0; left--) {
                unit.toTell.removeFirst().run();
            }
            return "news of " + unit.instance.id;
        }

        private String newsOfCapacityAreWritten() {
            capacityToTell.add(stack.capacityToTell(pool, rooms - held(), held()));
            return "capacity is counted";
        }

        /** Not always the oldest first. */
        private String newsOfCapacityArrive() {
            if (capacityToTell.isEmpty()) {
                newsOfCapacityAreWritten();
            }
            capacityToTell.remove(random.nextInt(capacityToTell.size())).run();
            return "news of capacity";
        }

        private String onDemandComesOrGoes() {
            rooms = Math.max(1, held() + random.nextInt(2));
            newsOfCapacityAreWritten();
            return "room for " + rooms;
        }

        private String oldNewsComeAgain() {
            Unit unit = any(u -> !u.instance.said.isEmpty());
            if (unit != null) {
                List<Runnable> said = unit.instance.said;
                said.get(random.nextInt(said.size())).run();
            }
            return "old news";
        }

        private String theOwnerActs() {
            Unit unit = any(u -> u.state != Unit.State.GONE);
            if (unit == null) {
                return "nothing to act on";
            }
            boolean runs = unit.state == Unit.State.RUNNING;
            if (random.nextBoolean()) {
                ends(unit, "Client.UserInitiatedShutdown");
                return "its owner ends " + unit.instance.id;
            }
            if (runs) {
                stops(unit, "Client.UserInitiatedShutdown");
                unit.state = Unit.State.STOPPED_BY_OWNER;
                return "its owner stops " + unit.instance.id;
            }
            if (unit.state == Unit.State.STOPPED_BY_OWNER && held() < rooms) {
                boots(unit, EventType.INSTANCE_STARTED);
                return "its owner starts " + unit.instance.id;
            }
            return "nothing its owner may do";
        }

        private String aRequestIsCancelled() {
            if (requestIds.isEmpty()) {
                return "nothing to cancel";
            }
            String id = requestIds.get(random.nextInt(requestIds.size()));
            // 404 for a launch that the market hasn't heard of.
            assertThat(as(account).delete("/v1/spot-requests/{id}", id).statusCode())
                    .isIn(200, 404);
            return id + " is cancelled";
        }

        private String timePasses(Duration duration) {
            coordinator.advance(duration);
            return duration + " pass";
        }

        /** The market's decisions keep their order for each key, as on Kafka, and no other. */
        private String aDecisionIsCarriedOut() {
            if (decisions.isEmpty()) {
                return "no decision";
            }
            String key = decisions.get(random.nextInt(decisions.size())).key();
            Told first = decisions.stream()
                    .filter(told -> told.key().equals(key))
                    .findFirst()
                    .orElseThrow();
            decisions.remove(first);
            if (first.type().equals(EventType.SPOT_ALLOCATED.typeName())) {
                launchOrStart(first.body(SpotAllocation.class));
            } else {
                SpotInterruption interruption = first.body(SpotInterruption.class);
                if (first.type().equals(EventType.SPOT_EVICTED.typeName())) {
                    takeDown(interruption);
                }
            }
            return first.type() + " of " + key + " is carried out";
        }

        private void launchOrStart(SpotAllocation allocation) {
            boolean isRoom = held() < rooms;
            if (allocation.instanceId() == null) {
                Instance instance = stack.new Instance(account, pool, allocation.maxPrice(), allocation.spotRequestId())
                        .with(allocation.interruptionBehavior());
                Unit unit = added(instance);
                if (isRoom) {
                    boots(unit, EventType.INSTANCE_LAUNCHED);
                } else {
                    unit.state = Unit.State.GONE;
                    unit.toTell.add(() -> instance.tells(
                            EventType.INSTANCE_FAILED, "terminated", "Server.InsufficientInstanceCapacity"));
                }
                return;
            }
            Unit unit = units.get(allocation.instanceId());
            if (unit.state != Unit.State.STOPPED_BY_MARKET) {
                return;
            }
            if (isRoom) {
                boots(unit, EventType.INSTANCE_STARTED);
            } else {
                unit.toTell.add(unit.instance::findsNoRoom);
            }
        }

        private void takeDown(SpotInterruption interruption) {
            Unit unit = units.get(interruption.instanceId());
            if (interruption.reason().equals(SpotInterruption.REQUEST_ENDED)) {
                if (unit.state == Unit.State.STOPPED_BY_MARKET || unit.state == Unit.State.STOPPED_BY_OWNER) {
                    ends(unit, "Client.UserInitiatedShutdown");
                }
                return;
            }
            if (unit.state != Unit.State.RUNNING || interruption.actionAt().isBefore(unit.runsSince)) {
                return;
            }
            unit.takenDown++;
            String reason = "Server.SpotInstanceTermination";
            if (unit.instance.behavior().equals("stop")) {
                unit.toTell.add(() -> unit.instance.tells(EventType.INSTANCE_INTERRUPTED, "stopping", reason));
                stops(unit, reason);
                unit.state = Unit.State.STOPPED_BY_MARKET;
            } else {
                unit.toTell.add(() -> unit.instance.tells(EventType.INSTANCE_INTERRUPTED, "shutting-down", reason));
                ends(unit, reason);
            }
        }

        private Unit added(Instance instance) {
            Unit unit = new Unit(instance, clock.instant());
            units.put(instance.id, unit);
            return unit;
        }

        private void boots(Unit unit, EventType up) {
            unit.state = Unit.State.RUNNING;
            unit.runsSince = clock.instant();
            unit.toTell.add(() -> unit.instance.tells(EventType.INSTANCE_REQUESTED, "pending", null));
            unit.toTell.add(() -> unit.instance.tells(up, "running", null));
        }

        private static void stops(Unit unit, String reason) {
            leaves(unit, EventType.INSTANCE_STOPPING, "stopping", reason);
            unit.toTell.add(() -> unit.instance.tells(EventType.INSTANCE_STOPPED, "stopped", reason));
        }

        private static void ends(Unit unit, String reason) {
            unit.state = Unit.State.GONE;
            leaves(unit, EventType.INSTANCE_TERMINATING, "shutting-down", reason);
            unit.toTell.add(() -> unit.instance.tells(EventType.INSTANCE_TERMINATED, "terminated", reason));
        }

        private static void leaves(Unit unit, EventType type, String state, String reason) {
            boolean byItself = reason.startsWith("Client.");
            unit.toTell.add(() -> {
                if (byItself) {
                    unit.leavesByItself();
                }
                unit.instance.tells(type, state, reason);
            });
        }

        private int held() {
            return (int) units.values().stream()
                    .filter(unit -> unit.state == Unit.State.RUNNING)
                    .count();
        }

        private Unit any(Predicate<Unit> which) {
            List<Unit> found = units.values().stream().filter(which).toList();
            return found.isEmpty() ? null : found.get(random.nextInt(found.size()));
        }

        /** Waits until the market has answered, and holds what it has and what it said against the laws. */
        void check(String when) {
            stack.quiet();
            Set<String> allocated = new HashSet<>();
            Set<String> warned = new HashSet<>();
            List<Told> news = new ArrayList<>();
            for (Told told : reader.news()) {
                switch (EventType.ofName(told.type()).orElseThrow()) {
                    case SPOT_PRICE_CHANGED -> priceChanged(told, when);
                    case SPOT_ALLOCATED -> {
                        if (told.body(SpotAllocation.class).account().equals(account)) {
                            allocated.add(told.key());
                            news.add(told);
                        }
                    }
                    case SPOT_INTERRUPTION_WARNED, SPOT_EVICTED -> {
                        if (units.containsKey(told.key())) {
                            interrupted(told, warned, when);
                            news.add(told);
                        }
                    }
                    default -> {}
                }
            }
            news.sort(Comparator.comparing(told -> requestIds.indexOf(requestId(told))));
            decisions.addAll(news);
            QuarkusTransaction.requiringNew().run(() -> lawsHold(allocated, warned, when));
        }

        private static String requestId(Told told) {
            return told.type().equals(EventType.SPOT_ALLOCATED.typeName())
                    ? told.key()
                    : told.body(SpotInterruption.class).spotRequestId();
        }

        private void priceChanged(Told told, String when) {
            if (!told.key().equals(pool.key())) {
                return;
            }
            if (priceVersion > 0) {
                assertThat(told.version()).as(when).isEqualTo(priceVersion + 1);
            }
            priceVersion = told.version();
            price = HourlyRate.of(told.body(SpotPriceSnapshot.class).price());
            assertThat(price).as(when).isBetween(FLOOR, ON_DEMAND);
        }

        private void interrupted(Told told, Set<String> warned, String when) {
            Unit unit = units.get(told.key());
            SpotInterruption interruption = told.body(SpotInterruption.class);
            if (told.type().equals(EventType.SPOT_INTERRUPTION_WARNED.typeName())) {
                unit.warned++;
                warned.add(interruption.spotRequestId());
            } else if (!interruption.reason().equals(SpotInterruption.REQUEST_ENDED)) {
                unit.evicted++;
                assertThat(clock.instant()).as(when).isAfterOrEqualTo(interruption.actionAt());
                assertThat(unit.evicted)
                        .as("%s: evicted once for each warning", when)
                        .isLessThanOrEqualTo(unit.warned);
            }
        }

        private void lawsHold(Set<String> allocated, Set<String> warned, String when) {
            Pools.Pool now = pools.find(poolId).orElseThrow();
            assertThat(now.version())
                    .as("%s: the price that was told last is in force", when)
                    .isEqualTo(priceVersion);
            assertThat(now.price()).as(when).isEqualByComparingTo(price);
            Room room = pools.room(poolId);
            int known = room.fits() + room.spotUnits();
            List<SpotRequest> live = requests.live(poolId);
            int taken = 0;
            List<SpotRequest> bidders = new ArrayList<>(requests.find(warned));
            for (SpotRequest request : live) {
                BidState bid = request.progress().bid();
                boolean wins = bid == BidState.RUNNING || allocated.contains(request.id());
                if (wins) {
                    assertThat(request.terms().maxPrice())
                            .as("%s: %s pays no more than its max", when, request.id())
                            .isGreaterThanOrEqualTo(price);
                }
                taken += bid.takesRoom() ? 1 : 0;
                if (bid.bids()) {
                    bidders.add(request);
                }
            }
            if (!allocated.isEmpty()) {
                assertThat(taken).as("%s: room is given once", when).isLessThanOrEqualTo(known);
            }
            for (SpotRequest loser : requests.find(warned)) {
                long better =
                        bidders.stream().filter(other -> isBetter(other, loser)).count();
                assertThat(better >= Math.max(known, taken)
                                || loser.terms().maxPrice().compareTo(FLOOR) < 0)
                        .as("%s: %s was warned and %d of %d are better", when, loser.id(), better, known)
                        .isTrue();
            }
            Map<String, Long> unitsOfRequest = new HashMap<>();
            units.values().stream()
                    .filter(unit -> unit.state != Unit.State.GONE)
                    .forEach(unit -> unitsOfRequest.merge(unit.instance.requestId, 1L, Long::sum));
            assertThat(unitsOfRequest.values()).as("%s: one unit each", when).allMatch(count -> count == 1);
        }

        private static boolean isBetter(SpotRequest other, SpotRequest than) {
            int byPrice = other.terms().maxPrice().compareTo(than.terms().maxPrice());
            if (byPrice != 0) {
                return byPrice > 0;
            }
            int byTime = other.terms().createdAt().compareTo(than.terms().createdAt());
            return byTime != 0 ? byTime < 0 : other.id().compareTo(than.id()) < 0;
        }

        /** Everything is told and carried out, and all notices run out: then nobody who wins is left without room. */
        void settle(String when) {
            capacityToTell.forEach(Runnable::run);
            capacityToTell.clear();
            boolean quiet = false;
            for (int round = 0; round < 30 && !quiet; round++) {
                coordinator.advance(Duration.ofSeconds(121));
                check(when);
                quiet = decisions.isEmpty() && units.values().stream().allMatch(unit -> unit.toTell.isEmpty());
                while (!decisions.isEmpty()) {
                    aDecisionIsCarriedOut();
                }
                units.values().forEach(unit -> {
                    while (!unit.toTell.isEmpty()) {
                        unit.toTell.removeFirst().run();
                    }
                });
                stack.capacity(pool, rooms - held(), held());
            }
            assertThat(quiet).as("%s: it comes to rest", when).isTrue();
            for (Unit unit : units.values()) {
                assertThat(unit.takenDown + unit.leftByItself)
                        .as("%s: %s was warned and is gone, once for each warning", when, unit.instance.id)
                        .isEqualTo(unit.warned);
            }
            List<SpotRequest> live = QuarkusTransaction.requiringNew().call(() -> requests.live(poolId));
            long waiting = live.stream()
                    .filter(request -> request.progress().bid() == BidState.WAITING
                            && request.terms().maxPrice().compareTo(FLOOR) >= 0)
                    .count();
            assertThat(waiting == 0 || held() == rooms)
                    .as("%s: %d wait and %d of %d rooms are taken", when, waiting, held(), rooms)
                    .isTrue();
        }
    }
}
