package io.cumulet.spotmarket.api;

import io.cumulet.catalog.Regions;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Paging;
import io.cumulet.spotmarket.app.PoolAdvice;
import io.cumulet.spotmarket.app.PoolAdvice.Scored;
import io.cumulet.spotmarket.domain.advice.InterruptionFrequency;
import io.cumulet.spotmarket.domain.advice.PlacementScore.CapacityUnit;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * How well a target capacity would do as spot, by region or zone: public to all accounts.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetSpotPlacementScores.html">GetSpotPlacementScores
 *     </a>
 * @see io.cumulet.spotmarket.domain.advice.PlacementScore
 */
@Path("/v1/spot-placement-scores")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
@Tag(name = "Spot advisor")
public class PlacementScoreResource {

    private static final int MOST_TYPES = 1000;
    private static final int MOST_REGIONS = 10;
    private static final long MOST_CAPACITY = 2_000_000_000;
    private static final int BEST = 10;

    private final PoolAdvice advice;

    public PlacementScoreResource(PoolAdvice advice) {
        this.advice = advice;
    }

    /**
     * A score.
     *
     * @param availabilityZone missing for a whole region, as is its id
     * @param score 1 to 10
     * @param room what the pools could take now, in the unit of the target
     * @param interruptionFrequency of the last 7 days, as the Spot advisor's; missing if nothing ran
     * @param steadyPrice whether a pool's price stayed at or below twice its lowest of the last 7 days
     */
    public record ScoreView(
            String region,
            @Nullable String availabilityZone,
            @Nullable String availabilityZoneId,
            int score,
            long room,
            @Nullable String interruptionFrequency,
            boolean steadyPrice) {

        private static ScoreView of(Scored scored) {
            var zone = scored.zone();
            InterruptionFrequency frequency = scored.score().frequency();
            return new ScoreView(
                    scored.region().value(),
                    zone == null ? null : zone.zone().value(),
                    zone == null ? null : zone.zoneId(),
                    scored.score().score(),
                    scored.score().room(),
                    frequency == null ? null : frequency.label(),
                    scored.score().steady());
        }
    }

    /** A page; {@code nextToken} is there if more follows. */
    public record Page(
            List<ScoreView> spotPlacementScores, @Nullable String nextToken) {}

    @GET
    @AllowedQuery({
        "instanceType",
        "os",
        "targetCapacity",
        "targetCapacityUnitType",
        "regionName",
        "singleAvailabilityZone",
        "maxResults",
        "nextToken"
    })
    @Operation(
            summary = "Scores regions or zones by how well a target capacity would do there as spot",
            description = "1 to 10, the best first, from the room there is now, less what other bids wait for, and from"
                    + " interruptions and prices of the last 7 days. Regions: those named by regionName, else all with pools"
                    + " of these types. Any of the types will do; instanceType and regionName may be repeated.")
    public Page score(
            @QueryParam("instanceType") List<String> instanceTypes,
            @QueryParam("os") @Nullable String os,
            @QueryParam("targetCapacity") @Nullable String targetCapacity,
            @QueryParam("targetCapacityUnitType") @Nullable String targetCapacityUnitType,
            @QueryParam("regionName") List<String> regionNames,
            @QueryParam("singleAvailabilityZone") @Nullable String singleAvailabilityZone,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        OperatingSystem system = PoolNames.os(os);
        List<Scored> asked = paging.ask(
                advice.score(new PoolAdvice.Placement(
                        types(instanceTypes),
                        system == null ? OperatingSystem.LINUX : system,
                        capacity(targetCapacity),
                        unit(targetCapacityUnitType),
                        regions(regionNames),
                        flag(singleAvailabilityZone))),
                PlacementScoreResource::key);
        return new Page(
                paging.page(asked).stream().map(ScoreView::of).toList(),
                paging.nextToken(asked, PlacementScoreResource::key));
    }

    /** In the order of the list. */
    private static String key(Scored scored) {
        return String.format(Locale.ROOT, "%02d %s", BEST - scored.score().score(), scored.name());
    }

    private static Set<InstanceType> types(List<String> names) {
        if (names.isEmpty()) {
            throw refuse(ErrorCode.MISSING_PARAMETER, "instanceType", "Name at least one instance type");
        }
        if (names.size() > MOST_TYPES) {
            throw refuse(ErrorCode.INVALID_PARAMETER_VALUE, "instanceType", "At most " + MOST_TYPES + " types");
        }
        Set<InstanceType> types = new TreeSet<>();
        names.forEach(name -> types.add(PoolNames.existing(name)));
        return types;
    }

    private static Set<Region> regions(List<String> names) {
        if (names.size() > MOST_REGIONS) {
            throw refuse(ErrorCode.INVALID_PARAMETER_VALUE, "regionName", "At most " + MOST_REGIONS + " regions");
        }
        Set<Region> regions = new TreeSet<>();
        for (String name : names) {
            if (!Region.isValid(name) || !Regions.exists(new Region(name))) {
                throw refuse(ErrorCode.INVALID_PARAMETER_VALUE, "regionName", "There is no region " + name);
            }
            regions.add(new Region(name));
        }
        return regions;
    }

    private static long capacity(@Nullable String text) {
        if (text == null) {
            throw refuse(ErrorCode.MISSING_PARAMETER, "targetCapacity", "Missing: targetCapacity");
        }
        try {
            long capacity = Long.parseLong(text);
            if (capacity >= 1 && capacity <= MOST_CAPACITY) {
                return capacity;
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw refuse(
                ErrorCode.INVALID_PARAMETER_VALUE,
                "targetCapacity",
                "It is a whole number from 1 to " + MOST_CAPACITY + ", not " + text);
    }

    private static CapacityUnit unit(@Nullable String code) {
        return code == null
                ? CapacityUnit.UNITS
                : CapacityUnit.ofCode(code)
                        .orElseThrow(() -> refuse(
                                ErrorCode.INVALID_PARAMETER_VALUE,
                                "targetCapacityUnitType",
                                "It is one of "
                                        + Arrays.stream(CapacityUnit.values())
                                                .map(CapacityUnit::code)
                                                .toList()
                                        + ", not " + code));
    }

    private static boolean flag(@Nullable String text) {
        if (text == null || text.equals("false")) {
            return false;
        }
        if (text.equals("true")) {
            return true;
        }
        throw refuse(ErrorCode.INVALID_PARAMETER_VALUE, "singleAvailabilityZone", "It is true or false, not " + text);
    }

    private static RefusedException refuse(ErrorCode code, String field, String message) {
        return Refusal.of(code, field, message).asException();
    }
}
