package io.cumulet.spotmarket.api;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import io.cumulet.plumbing.clock.StackClock;
import io.cumulet.spotmarket.app.PoolChoice;
import io.cumulet.spotmarket.app.Requests;
import io.cumulet.spotmarket.app.SpotRequests;
import io.cumulet.spotmarket.app.Tariffs;
import io.cumulet.spotmarket.domain.requests.RequestState;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    private final StackClock clock;

    public SpotRequestResource(
            Caller caller, SpotRequests requests, Tariffs tariffs, PoolChoice choice, StackClock clock) {
        this.caller = caller;
        this.requests = requests;
        this.tariffs = tariffs;
        this.choice = choice;
        this.clock = clock;
    }

    /** A page; {@code nextToken} is there if more follows. */
    public record Page(
            List<SpotRequestView> spotRequests, @Nullable String nextToken) {}

    @POST
    @ResponseStatus(201)
    @Operation(
            summary = "Asks for spot instances",
            description = "Makes as many requests of one unit as count says, and clears their pool at once.")
    public Page request(@NotNull SpotRequestBody body) {
        AccountId account = caller.account();
        Region region = caller.region();
        List<SpotRequest> made = requests.make(
                        account,
                        region,
                        () -> body.terms(account, region, clock.instant(), tariffs, choice),
                        body.units(),
                        body.clientToken(),
                        body.withoutToken())
                .orThrow();
        return new Page(made.stream().map(SpotRequestView::of).toList(), null);
    }

    @GET
    @AllowedQuery({"spotRequestId", "state", "instanceId", "maxResults", "nextToken"})
    @Operation(summary = "Lists the account's spot requests, by id")
    public Page list(
            @QueryParam("spotRequestId") List<String> ids,
            @QueryParam("state") List<String> states,
            @QueryParam("instanceId") List<String> instanceIds,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<SpotRequest> asked = requests.page(
                caller.account(),
                caller.region(),
                new Requests.Filter(ids, stateNames(states), instanceIds),
                paging.afterKey(),
                paging.sizeToAsk());
        return new Page(
                paging.page(asked).stream().map(SpotRequestView::of).toList(),
                paging.nextToken(asked, SpotRequest::id));
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "Shows a spot request")
    public SpotRequestView get(@PathParam("id") String id) {
        return SpotRequestView.of(
                requests.find(caller.account(), caller.region(), id).orThrow());
    }

    @DELETE
    @Path("/{id}")
    @Operation(
            summary = "Cancels a spot request",
            description = "An instance that runs goes on; one that is stopped is terminated, as in EC2.")
    public SpotRequestView cancel(@PathParam("id") String id) {
        return SpotRequestView.of(
                requests.cancel(caller.account(), caller.region(), id).orThrow());
    }

    private static List<String> stateNames(List<String> codes) {
        List<String> names = new ArrayList<>();
        for (String code : codes) {
            names.add(Arrays.stream(RequestState.values())
                    .filter(state -> state.code().equals(code))
                    .findFirst()
                    .orElseThrow(() -> Refusal.of(
                                    ErrorCode.INVALID_PARAMETER_VALUE,
                                    "state",
                                    "It is one of "
                                            + Arrays.stream(RequestState.values())
                                                    .map(RequestState::code)
                                                    .toList()
                                            + ", not " + code)
                            .asException())
                    .name());
        }
        return names;
    }
}
