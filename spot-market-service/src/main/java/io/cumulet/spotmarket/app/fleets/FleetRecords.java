package io.cumulet.spotmarket.app.fleets;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Region;
import io.cumulet.spotmarket.domain.fleets.FailedLaunch;
import io.cumulet.spotmarket.domain.fleets.Fleet;
import io.cumulet.spotmarket.domain.fleets.FleetHappening;
import io.cumulet.spotmarket.domain.fleets.FleetUnit;
import io.cumulet.spotmarket.domain.market.PoolId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where fleets and their histories are kept, and what a plan has to know of requests. Changes belong to the running transaction. */
public interface FleetRecords {

    void add(Fleet fleet);

    void save(Fleet fleet);

    /** Keeps a fleet's tags. */
    void tag(Fleet fleet);

    Optional<Fleet> find(String fleetId);

    /** Locks a fleet until the transaction ends. Before pools are locked: whoever holds a pool never waits for a fleet. */
    Optional<Fleet> lock(String fleetId);

    /** What a list is narrowed to; empty means all. */
    record Filter(List<String> fleetIds, List<String> states, List<String> types) {}

    /**
     * A page of an account's fleets, ordered by id.
     *
     * @param after the last id of the page before; null for the first
     */
    List<Fleet> page(AccountId account, Region region, Filter filter, @Nullable String after, int size);

    /** A fleet's requests that aren't over, without those its owner has cancelled: these are the fleet's no more. */
    List<FleetUnit> units(String fleetId);

    /** Whether any of a fleet's requests has no instance yet, and the fleet wasn't settled; cheap enough to be asked often. */
    boolean isComing(String fleetId);

    /** A fleet's launches that failed for good, in the order they were asked for. */
    List<FailedLaunch> failedLaunches(String fleetId);

    /** How many of a fleet's launches failed for good. */
    long failures(String fleetId);

    /** By pool, the newest capacity snapshot under which a launch of a fleet found no room after all; only pools with one. */
    Map<PoolId, Long> blocked(String fleetId, Collection<PoolId> pools);

    /** How many of an account's fleets still launch, or go on with instances. */
    long countLiving(AccountId account, Region region);

    /**
     * The other bids a fleet meets in a pool.
     *
     * @param taken how many units have room
     * @param ahead how many others wait that bid at least as much
     */
    record Rivals(int taken, int ahead) {
        static final Rivals NONE = new Rivals(0, 0);
    }

    /** @param maxPrices the fleet's bid in each pool; a pool without live requests may be missing in the answer */
    Map<PoolId, Rivals> rivals(String fleetId, Map<PoolId, HourlyRate> maxPrices);

    /** Keeps in which families a fleet would launch more; none if it has all it wants. */
    void wish(String fleetId, Set<String> familyKeys);

    /** The families in which a fleet is kept to want more. */
    Set<String> wishes(String fleetId);

    /** Keeps when a fleet that wants more was planned. */
    void planned(String fleetId, Instant at);

    /** The fleets that would launch more in any of some families, and when each was planned last. */
    Map<String, Instant> wishing(Collection<String> familyKeys);

    void note(List<FleetHappening> happenings);

    /** A happening and where it stands in the fleet's history. */
    record Noted(long number, FleetHappening happening) {}

    /** What a history is narrowed to; null means all. */
    record HistoryFilter(@Nullable Instant from, @Nullable String type) {}

    /** A page of a fleet's history, oldest first, behind a number. */
    List<Noted> history(String fleetId, HistoryFilter filter, long after, int size);

    /**
     * An instance that a fleet has.
     *
     * @param requestId null of On-Demand Instances
     */
    record Member(@Nullable String requestId, String instanceId, InstanceType type, AvailabilityZone zone) {

        /** What a list is ordered by. */
        public String key() {
            return requestId == null ? instanceId : requestId;
        }
    }

    /** A page of a fleet's instances, ordered by {@link Member#key()}. */
    List<Member> members(String fleetId, @Nullable String afterKey, int size);
}
