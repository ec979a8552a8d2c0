package io.cumulet.billing.api;

import io.cumulet.billing.app.Bills;
import io.cumulet.billing.domain.billing.Bill;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.api.Caller;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What it costs. */
@Path("/v1/bills")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Bills")
public class BillResource {

    private static final Pattern MONTH = Pattern.compile("[0-9]{4}-[0-9]{2}");

    private final Bills bills;
    private final Caller caller;

    public BillResource(Bills bills, Caller caller) {
        this.bills = bills;
        this.caller = caller;
    }

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
        Bill bill = bills.bill(caller.account(), region, month(month)).orThrow();
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
                bills.consolidated(caller.account(), month(month)).orThrow());
    }

    private static YearMonth month(String text) {
        try {
            if (MONTH.matcher(text).matches()) {
                return YearMonth.parse(text);
            }
        } catch (DateTimeException e) {
            // Thirteen months: refused below.
        }
        throw Query.refused("month", "A month is expected, such as 2026-01, not " + text);
    }
}
