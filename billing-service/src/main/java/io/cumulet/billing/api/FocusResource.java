package io.cumulet.billing.api;

import io.cumulet.billing.api.focus.FocusFormat;
import io.cumulet.billing.app.FocusExports;
import io.cumulet.billing.domain.costs.Scope;
import io.cumulet.billing.domain.focus.FocusDataset;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.time.YearMonth;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Charges as a file of the FinOps Open Cost and Usage Specification. */
@Path("/v1/exports/focus")
@Tag(name = "Exports")
public class FocusResource {

    private static final String GZIP = "application/gzip";
    private static final String PARQUET = "application/vnd.apache.parquet";

    private final FocusExports exports;
    private final Caller caller;

    public FocusResource(FocusExports exports, Caller caller) {
        this.exports = exports;
        this.caller = caller;
    }

    @GET
    @Produces({GZIP, PARQUET})
    @AllowedQuery({"month", "format", "scope"})
    @Operation(
            summary = "Exports the charges of a UTC calendar month in the form of FOCUS 1.2",
            description =
                    "A row for each charge and hour, as far as they are known: the bill of the month says whether they"
                            + " may still change. The file is sent while it is made.")
    @Parameter(name = "region", in = ParameterIn.QUERY, description = "Only this region; all regions if not said")
    @APIResponse(
            responseCode = "200",
            description = "A compressed CSV file, or a Parquet file",
            content = {
                @Content(mediaType = GZIP, schema = @Schema(type = SchemaType.STRING, format = "binary")),
                @Content(mediaType = PARQUET, schema = @Schema(type = SchemaType.STRING, format = "binary"))
            })
    @APIResponse(responseCode = "404", description = "BillNotFound: the month has not begun")
    public Response export(
            @Parameter(description = "yyyy-MM", required = true) @QueryParam("month") @Nullable String month,
            @Parameter(description = "csv (if not said) or parquet") @QueryParam("format") @Nullable String format,
            @Parameter(
                            description =
                                    "own (if not said): what the caller used and bought itself; consolidated: what it pays")
                    @QueryParam("scope")
                    @Nullable
                    String scope) {
        YearMonth of = Query.requiredMonth("month", month);
        FocusFormat as = Query.orElse(Query.named("format", format, FocusFormat::ofCode), FocusFormat.CSV);
        Scope whose = Query.orElse(Query.named("scope", scope, Scope::ofCode), Scope.OWN);
        FocusDataset dataset = exports.export(caller.account(), of, whose, caller.regionSaid() ? caller.region() : null)
                .orThrow();
        StreamingOutput file = out -> as.write(dataset, out);
        return Response.ok(file, as.mediaType())
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        "attachment; filename=\"focus-" + of + "." + as.extension() + "\"")
                .build();
    }
}
