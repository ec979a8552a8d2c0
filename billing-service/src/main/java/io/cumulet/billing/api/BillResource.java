package io.cumulet.billing.api;

import io.cumulet.billing.app.Bills;
import io.cumulet.billing.app.FactStore;
import io.cumulet.billing.domain.billing.Bill;
import io.cumulet.billing.domain.metering.Fact;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What it costs. */
@Path("/v1/bills")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Bills")
public class BillResource {

    private final Bills bills;
    private final FactStore facts;
    private final Caller caller;

    public BillResource(Bills bills, FactStore facts, Caller caller) {
        this.bills = bills;
        this.facts = facts;
        this.caller = caller;
    }

    @Schema(name = "BilledEvent", description = "An event of instances.lifecycle that usage on a bill follows from")
    public record EventView(
            @Schema(description = "The event's ce_id on Kafka")
            String eventId,

            @Schema(description = "The event's ce_aggregateversion: counts up by one with each event of the instance")
            long version,

            @Schema(description = "What happened, such as launched")
            String kind,

            Instant occurredAt) {

        static EventView of(Fact fact) {
            return new EventView(
                    fact.eventId(),
                    fact.version(),
                    fact.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    fact.at());
        }
    }

    public record EventPage(
            List<EventView> events, @Nullable String nextToken) {}

    @GET
    @Path("{month}")
    @Operation(
            summary = "Shows the caller's bill for a UTC calendar month",
            description = "Computed from usage as it is known now, at the prices in force: where a price list begins"
                    + " inside the month, the hours that begin before it have the old price. Covers all regions unless"
                    + " one is named.")
    @Parameter(name = "region", in = ParameterIn.QUERY, description = "Only this region; all regions if not said")
    @APIResponse(
            responseCode = "200",
            description = "The bill",
            content = @Content(schema = @Schema(implementation = BillView.class)))
    @APIResponse(responseCode = "404", description = "BillNotFound: the month has not begun")
    public BillView bill(@Parameter(description = "yyyy-MM") @PathParam("month") String month) {
        Region region = caller.regionSaid() ? caller.region() : null;
        Bill bill = bills.bill(caller.account(), region, Query.requiredMonth("month", month))
                .orThrow();
        return BillView.of(caller.account(), month, region, bill);
    }

    @GET
    @Path("{month}/consolidated")
    @Operation(
            summary = "Shows what the caller pays for a UTC calendar month, for itself and its organization",
            description = "What accounts used and bought in the hours in which the caller was their organization's"
                    + " management account, or was in none itself. A member of an organization pays nothing.")
    @APIResponse(
            responseCode = "200",
            description = "The bill",
            content = @Content(schema = @Schema(implementation = BillView.class)))
    @APIResponse(responseCode = "404", description = "BillNotFound: the month has not begun")
    public BillView consolidated(@Parameter(description = "yyyy-MM") @PathParam("month") String month) {
        return BillView.of(
                caller.account(),
                month,
                null,
                bills.consolidated(caller.account(), Query.requiredMonth("month", month))
                        .orThrow());
    }

    @GET
    @Path("{month}/events")
    @AllowedQuery({"instanceId", "maxResults", "nextToken"})
    @Operation(
            summary = "Lists the events behind the lines of one instance",
            description = "All that happened to it up to the end of the month, oldest first: what it cost in the month"
                    + " follows from them. Empty for what is no instance of the caller's.")
    public EventPage events(
            @Parameter(description = "yyyy-MM") @PathParam("month") String month,
            @Parameter(required = true) @QueryParam("instanceId") @Nullable String instanceId,
            @QueryParam("maxResults") @Nullable String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<Fact> asked = facts.facts(
                caller.account(),
                Query.required("instanceId", instanceId),
                Query.requiredMonth("month", month)
                        .plusMonths(1)
                        .atDay(1)
                        .atStartOfDay()
                        .toInstant(ZoneOffset.UTC),
                Query.number(paging.afterKey()),
                paging.sizeToAsk());
        return new EventPage(
                paging.page(asked).stream().map(EventView::of).toList(),
                paging.nextToken(asked, fact -> Long.toString(fact.version())));
    }
}
