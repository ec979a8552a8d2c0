package io.cumulet.spotmarket.api;

import io.cumulet.catalog.Image;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.spotmarket.app.LaunchTrials;
import io.cumulet.spotmarket.app.PoolChoice;
import io.cumulet.spotmarket.app.Tariffs;
import io.cumulet.spotmarket.app.fleets.FleetRecords;
import io.cumulet.spotmarket.app.fleets.Fleets;
import io.cumulet.spotmarket.domain.fleets.Fleet;
import io.cumulet.spotmarket.domain.fleets.FleetHappening;
import io.cumulet.spotmarket.domain.fleets.FleetState;
import io.cumulet.spotmarket.domain.fleets.FleetType;
import io.smallrye.common.annotation.Blocking;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Fleets of an account: of spot instances, On-Demand Instances or both. */
@Path("/v1/fleets")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
@Tag(name = "Fleets")
public class FleetResource {

    private final Caller caller;
    private final Fleets fleets;
    private final Tariffs tariffs;
    private final PoolChoice choice;
    private final LaunchTrials trials;
    private final StackClock clock;

    public FleetResource(
            Caller caller, Fleets fleets, Tariffs tariffs, PoolChoice choice, LaunchTrials trials, StackClock clock) {
        this.caller = caller;
        this.fleets = fleets;
        this.tariffs = tariffs;
        this.choice = choice;
        this.trials = trials;
        this.clock = clock;
    }

    /** A page; {@code nextToken} is there if more follows. */
    public record Page(List<FleetView> fleets, @Nullable String nextToken) {}

    /**
     * An instance of a fleet.
     *
     * @param market {@code spot} or {@code on-demand}
     * @param spotRequestId null of On-Demand Instances
     */
    public record InstanceView(
            String instanceId,
            String market,
            @Nullable String spotRequestId,
            String instanceType,
            String availabilityZone) {

        static InstanceView of(FleetRecords.Member member) {
            return new InstanceView(
                    member.instanceId(),
                    (member.requestId() == null ? Market.ON_DEMAND : Market.SPOT).code(),
                    member.requestId(),
                    member.type().value(),
                    member.zone().value());
        }
    }

    /** A page; {@code nextToken} is there if more follows. */
    public record InstancePage(
            List<InstanceView> instances, @Nullable String nextToken) {}

    /**
     * Something that happened.
     *
     * @param eventType {@code fleet-change}, {@code instance-change} or {@code service-error}
     * @param eventSubType what exactly, such as {@code active}, {@code launched}, {@code termination_notified}
     */
    public record HappeningView(
            Instant timestamp,
            String eventType,
            String eventSubType,
            String description,
            @Nullable String instanceId,
            @Nullable String spotRequestId) {

        static HappeningView of(FleetRecords.Noted noted) {
            FleetHappening happening = noted.happening();
            return new HappeningView(
                    happening.at(),
                    happening.type().code(),
                    happening.subtype(),
                    happening.description(),
                    happening.instanceId(),
                    happening.requestId());
        }
    }

    /** A page, oldest first; {@code nextToken} is there if more follows. */
    public record HistoryPage(
            List<HappeningView> historyRecords, @Nullable String nextToken) {}

    /** A fleet that was made, with the instances it has; only one of type {@code instant} waits for them. */
    public record Created(FleetView fleet, List<InstanceView> instances) {}

    @POST
    @ResponseStatus(201)
    @Operation(
            summary = "Makes a fleet",
            description = "Asks for its first instances at once. With type instant it answers once all of them run, or"
                    + " the configured time is over; instances are the first 1,000 then. Unavailable if too many wait"
                    + " already.")
    public Created create(@NotNull FleetBody body) {
        AccountId account = caller.account();
        Region region = caller.region();
        // Outside the transaction. Refusals count only if the token is fresh.
        Outcome<Image> image = trials.image(
                account,
                region,
                "launch.imageId",
                body.launch() == null ? null : body.launch().imageId());
        Outcome<FleetOverrides> overrides = image.flatMap(known -> overrides(body, account, region, known));
        Outcome<FleetTrials.Tried> tried =
                overrides.flatMap(known -> FleetTrials.of(known, account, region, trials, clock::realInstant));
        Fleet made = fleets.create(
                        account,
                        region,
                        body.type(),
                        () -> FleetWish.of(body, image.orThrow(), tried.orThrow(), clock.instant(), choice),
                        body.clientToken(),
                        body.withoutToken())
                .orThrow();
        List<FleetRecords.Member> members = made.terms().type() == FleetType.INSTANT
                ? fleets.members(account, region, made.id(), null, 1000).orThrow()
                : List.of();
        return new Created(
                FleetView.of(made), members.stream().map(InstanceView::of).toList());
    }

    private Outcome<FleetOverrides> overrides(FleetBody body, AccountId account, Region region, Image image) {
        try {
            return Outcome.done(FleetOverrides.of(body, account, region, image, tariffs, clock.instant()));
        } catch (RefusedException e) {
            return Outcome.refused(e.refusal());
        }
    }

    @GET
    @AllowedQuery({"fleetId", "state", "type", "maxResults", "nextToken"})
    @Operation(summary = "Lists the account's fleets, by id")
    public Page list(
            @QueryParam("fleetId") List<String> ids,
            @QueryParam("state") List<String> states,
            @QueryParam("type") List<String> types,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        onlyOf(
                "state",
                states,
                Arrays.stream(FleetState.values()).map(FleetState::code).toList());
        onlyOf(
                "type",
                types,
                Arrays.stream(FleetType.values()).map(FleetType::code).toList());
        List<Fleet> asked = fleets.page(
                caller.account(),
                caller.region(),
                new FleetRecords.Filter(ids, states, types),
                paging.afterKey(),
                paging.sizeToAsk());
        return new Page(paging.page(asked).stream().map(FleetView::of).toList(), paging.nextToken(asked, Fleet::id));
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "Shows a fleet")
    public FleetView get(@PathParam("id") String id) {
        return FleetView.of(fleets.find(caller.account(), caller.region(), id).orThrow());
    }

    @GET
    @Path("/{id}/instances")
    @AllowedQuery({"maxResults", "nextToken"})
    @Operation(summary = "Lists the instances a fleet has, On-Demand Instances first")
    public InstancePage instances(
            @PathParam("id") String id,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<FleetRecords.Member> asked = fleets.members(
                        caller.account(), caller.region(), id, paging.afterKey(), paging.sizeToAsk())
                .orThrow();
        return new InstancePage(
                paging.page(asked).stream().map(InstanceView::of).toList(),
                paging.nextToken(asked, FleetRecords.Member::key));
    }

    @GET
    @Path("/{id}/history")
    @AllowedQuery({"startTime", "eventType", "maxResults", "nextToken"})
    @Operation(summary = "Lists what happened to a fleet and its instances, oldest first")
    public HistoryPage history(
            @PathParam("id") String id,
            @QueryParam("startTime") @Nullable String startTime,
            @QueryParam("eventType") @Nullable String eventType,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        onlyOf(
                "eventType",
                eventType == null ? List.of() : List.of(eventType),
                Arrays.stream(FleetHappening.Type.values())
                        .map(FleetHappening.Type::code)
                        .toList());
        List<FleetRecords.Noted> asked = fleets.history(
                        caller.account(),
                        caller.region(),
                        id,
                        new FleetRecords.HistoryFilter(Query.instant("startTime", startTime), eventType),
                        number(paging.afterKey()),
                        paging.sizeToAsk())
                .orThrow();
        return new HistoryPage(
                paging.page(asked).stream().map(HappeningView::of).toList(),
                paging.nextToken(asked, noted -> Long.toString(noted.number())));
    }

    @PATCH
    @Path("/{id}")
    @Operation(
            summary = "Modifies a fleet of type maintain, or the tags of any",
            description = "Above a lower target requests that wait are cancelled, and instances given up unless"
                    + " excessCapacityTerminationPolicy is no-termination.")
    public FleetView modify(@PathParam("id") String id, @NotNull FleetBody.Change change) {
        BigDecimal target = change.target();
        BigDecimal onDemandTarget = change.onDemandTarget();
        Boolean keepsExcess = change.keepsExcess();
        if (change.tags() != null) {
            if (target != null || onDemandTarget != null || keepsExcess != null) {
                throw Refusal.of(ErrorCode.INVALID_PARAMETER_COMBINATION, "tags", "Tags are set by a call of their own")
                        .asException();
            }
            return FleetView.of(fleets.tag(caller.account(), caller.region(), id, change.tags())
                    .orThrow());
        }
        return FleetView.of(fleets.modify(caller.account(), caller.region(), id, target, onDemandTarget, keepsExcess)
                .orThrow());
    }

    @DELETE
    @Path("/{id}")
    @AllowedQuery("terminateInstances")
    @Operation(
            summary = "Deletes a fleet",
            description = "With terminateInstances=true together with its instances; with false they go on.")
    public FleetView delete(
            @PathParam("id") String id, @QueryParam("terminateInstances") @Nullable String terminateInstances) {
        if (terminateInstances == null) {
            throw Refusal.of(ErrorCode.MISSING_PARAMETER, "terminateInstances", "Missing: terminateInstances")
                    .asException();
        }
        onlyOf("terminateInstances", List.of(terminateInstances), List.of("true", "false"));
        return FleetView.of(fleets.delete(caller.account(), caller.region(), id, terminateInstances.equals("true"))
                .orThrow());
    }

    private static void onlyOf(String field, List<String> given, List<String> known) {
        for (String one : given) {
            if (!known.contains(one)) {
                throw Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, field, "It is one of " + known + ", not " + one)
                        .asException();
            }
        }
    }

    private static long number(@Nullable String key) {
        if (key == null) {
            return 0;
        }
        try {
            return Long.parseLong(key);
        } catch (NumberFormatException e) {
            throw Refusal.of(ErrorCode.INVALID_NEXT_TOKEN, "nextToken", "It isn't one of this list")
                    .asException();
        }
    }
}
