package io.cumulet.spotmarket.api;

import io.cumulet.catalog.Image;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.OperatorOnly;
import io.cumulet.plumbing.api.Paging;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.spotmarket.app.LaunchTrials;
import io.cumulet.spotmarket.app.PoolChoice;
import io.cumulet.spotmarket.app.RequestTags;
import io.cumulet.spotmarket.app.SpotRequests;
import io.cumulet.spotmarket.app.StatusTimes;
import io.cumulet.spotmarket.app.Tariffs;
import io.cumulet.spotmarket.app.UserData;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
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
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Spot requests of an account. */
@Path("/v1/spot-requests")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
@Tag(name = "Spot requests")
public class SpotRequestResource {

    private final Caller caller;
    private final SpotRequests requests;
    private final Tariffs tariffs;
    private final PoolChoice choice;
    private final LaunchTrials trials;
    private final UserData userData;
    private final StatusTimes times;
    private final RequestTags tags;
    private final StackClock clock;

    public SpotRequestResource(
            Caller caller,
            SpotRequests requests,
            Tariffs tariffs,
            PoolChoice choice,
            LaunchTrials trials,
            UserData userData,
            StatusTimes times,
            RequestTags tags,
            StackClock clock) {
        this.caller = caller;
        this.requests = requests;
        this.tariffs = tariffs;
        this.choice = choice;
        this.trials = trials;
        this.userData = userData;
        this.times = times;
        this.tags = tags;
        this.clock = clock;
    }

    /** A page; {@code nextToken} is there if more follows. */
    public record Page(
            List<SpotRequestView> spotRequests, @Nullable String nextToken) {}

    @POST
    @ResponseStatus(201)
    @Operation(
            summary = "Asks for spot instances",
            description =
                    "Makes as many requests of one unit as count says, and clears their pool at once. What they name "
                            + "of your networks is tried at the instance service first: Unavailable if it can't be asked.")
    public Page request(@NotNull SpotRequestBody body) {
        AccountId account = caller.account();
        Region region = caller.region();
        int units = body.units();
        // Outside the transaction. Refusals count only if the token is fresh.
        Outcome<Image> image = trials.image(account, region, "imageId", body.imageId());
        Outcome<Optional<AvailabilityZone>> ofSubnet = trials.zoneOf(account, region, body.launch());
        List<SpotRequest> made = requests.make(
                        account,
                        region,
                        () -> body.terms(
                                account, region, image.orThrow(), ofSubnet.orThrow(), clock.instant(), tariffs, choice),
                        units,
                        body.userData(),
                        body.ownTags(),
                        body.clientToken(),
                        body.withoutToken())
                .orThrow();
        return new Page(views(made), null);
    }

    @GET
    @AllowedQuery({
        "spotRequestId",
        "state",
        "statusCode",
        "type",
        "instanceId",
        "launchGroup",
        "availabilityZoneGroup",
        "fleetId",
        "instanceType",
        "availabilityZone",
        "tag:*",
        "maxResults",
        "nextToken"
    })
    @Operation(
            summary = "Lists the account's spot requests, by id",
            description =
                    "A parameter given several times asks for any of its values. Besides those listed, tag:KEY=VALUE "
                            + "filters by a tag.")
    public Page list(
            @QueryParam("spotRequestId") List<String> ids,
            @QueryParam("state") List<String> states,
            @QueryParam("statusCode") List<String> statuses,
            @QueryParam("type") List<String> types,
            @QueryParam("instanceId") List<String> instanceIds,
            @QueryParam("launchGroup") List<String> launchGroups,
            @QueryParam("availabilityZoneGroup") List<String> zoneGroups,
            @QueryParam("fleetId") List<String> fleetIds,
            @QueryParam("instanceType") List<String> instanceTypes,
            @QueryParam("availabilityZone") List<String> zones,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken,
            @Context UriInfo uri) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<SpotRequest> asked = requests.page(
                caller.account(),
                caller.region(),
                SpotRequestFilters.of(uri.getQueryParameters()),
                paging.afterKey(),
                paging.sizeToAsk());
        return new Page(views(paging.page(asked)), paging.nextToken(asked, SpotRequest::id));
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "Shows a spot request")
    public SpotRequestView get(@PathParam("id") String id) {
        return view(requests.find(caller.account(), caller.region(), id).orThrow());
    }

    /** @param userData base64 */
    public record UserDataView(String userData) {}

    @GET
    @Path("/{id}/user-data")
    @OperatorOnly(alsoServices = true)
    @Operation(
            summary = "The user data that a request's instances are started with",
            description =
                    "For the instance service, and operators. It is gone once the request launches nothing any more.")
    public UserDataView userData(@PathParam("id") String id) {
        return new UserDataView(userData.find(id).orThrow());
    }

    /** A tag with null as value is removed. */
    public record Change(@Nullable Map<String, @Nullable String> tags) {}

    @PATCH
    @Path("/{id}")
    @Operation(summary = "Sets tags of a spot request; one with null as value is removed")
    public SpotRequestView modify(@PathParam("id") String id, @NotNull Change change) {
        return view(
                tags.patch(caller.account(), caller.region(), id, change.tags()).orThrow());
    }

    @DELETE
    @Path("/{id}")
    @Operation(
            summary = "Cancels a spot request",
            description = "An instance that runs goes on; one that is stopped is terminated, as in EC2.")
    public SpotRequestView cancel(@PathParam("id") String id) {
        return view(requests.cancel(caller.account(), caller.region(), id).orThrow());
    }

    private SpotRequestView view(SpotRequest request) {
        return views(List.of(request)).getFirst();
    }

    private List<SpotRequestView> views(List<SpotRequest> requests) {
        StatusTimes.Times known = times.of(requests);
        RequestTags.Tags tagged = tags.of(requests);
        return requests.stream()
                .map(request -> SpotRequestView.of(request, known, tagged))
                .toList();
    }
}
