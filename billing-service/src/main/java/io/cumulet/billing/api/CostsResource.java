package io.cumulet.billing.api;

import io.cumulet.billing.app.CostExplorer;
import io.cumulet.billing.domain.costs.Condition;
import io.cumulet.billing.domain.costs.Condition.Matches;
import io.cumulet.billing.domain.costs.CostQuery;
import io.cumulet.billing.domain.costs.Dimension;
import io.cumulet.billing.domain.costs.Dimension.Attribute;
import io.cumulet.billing.domain.costs.Granularity;
import io.cumulet.billing.domain.costs.Scope;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Interval;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What was charged, by time and by what it was for. */
@Path("/v1/costs")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Costs")
public class CostsResource {

    private static final Duration LONGEST = Duration.ofDays(400);
    private static final Duration LONGEST_BY_HOUR = Duration.ofDays(31);
    private static final int MOST_DIMENSIONS = 3;

    private static final String FROM = "On the hour, UTC, such as 2026-01-01T00:00:00Z";
    private static final String UNTIL = "On the hour, UTC; at most 400 days behind from";
    private static final String SCOPE =
            "own (if not said): what the caller used and bought itself; consolidated: what it pays, for itself and its"
                    + " organization";

    private final CostExplorer explorer;
    private final Caller caller;

    public CostsResource(CostExplorer explorer, Caller caller) {
        this.explorer = explorer;
        this.caller = caller;
    }

    @GET
    @AllowedQuery({"from", "until", "granularity", "groupBy", "account", "scope"})
    @Operation(
            summary = "Shows what was charged by period and group",
            description =
                    "An hour belongs to the period in which it begins, and has the tags in force then, or those at"
                            + " launch in an instance's first hour.")
    @Parameter(name = "region", in = ParameterIn.QUERY, description = "Only this region; all regions if not said")
    @APIResponse(
            responseCode = "200",
            description = "The costs",
            content = @Content(schema = @Schema(implementation = CostReportView.class)))
    public CostReportView costs(
            @Parameter(description = FROM, required = true) @QueryParam("from") @Nullable String from,
            @Parameter(description = UNTIL + ", 31 days if hourly", required = true) @QueryParam("until") @Nullable
                    String until,
            @Parameter(description = "hourly, daily (if not said), monthly, or whole: one period")
                    @QueryParam("granularity")
                    @Nullable
                    String granularity,
            @Parameter(
                            description =
                                    "At most 3, repeated or separated by commas: account, instance, instance-type,"
                                            + " instance-family, os, tenancy, availability-zone, region, usage-type,"
                                            + " purchase-option, category, commitment, commitment-kind, reservation,"
                                            + " reservation-scope, savings-plan, payment-option, tag:KEY")
                    @QueryParam("groupBy")
                    List<String> groupBy,
            @Parameter(description = "Only what this account used and bought") @QueryParam("account") @Nullable
                    String account,
            @Parameter(description = SCOPE) @QueryParam("scope") @Nullable String scope) {
        Granularity by = Query.orElse(Query.named("granularity", granularity, Granularity::ofCode), Granularity.DAILY);
        List<Condition> wanted = new ArrayList<>();
        if (caller.regionSaid()) {
            wanted.add(Matches.equal(Attribute.REGION, caller.region().value()));
        }
        if (account != null) {
            wanted.add(Matches.equal(Attribute.ACCOUNT, account(account).value()));
        }
        CostQuery query = new CostQuery(
                period(from, until, by), by, dimensions(groupBy, MOST_DIMENSIONS), new Condition.All(wanted));
        Scope of = scope(scope);
        return CostReportView.of(query, of.code(), explorer.costs(caller.account(), of, query));
    }

    @GET
    @Path("commitments")
    @AllowedQuery({"from", "until", "scope"})
    @Operation(
            summary = "Shows how commitments are used, what they save, and how much of the usage they cover",
            description = "Names are those of Cost Explorer's GetReservationUtilization, GetSavingsPlansUtilization and"
                    + " their coverage. Usage of others in the organization counts as use of a commitment.")
    @APIResponse(
            responseCode = "200",
            description = "Utilization of each commitment and of all, and coverage by type of commitment",
            content = @Content(schema = @Schema(implementation = CommitmentReportView.class)))
    public CommitmentReportView commitments(
            @Parameter(description = FROM, required = true) @QueryParam("from") @Nullable String from,
            @Parameter(description = UNTIL, required = true) @QueryParam("until") @Nullable String until,
            @Parameter(description = SCOPE) @QueryParam("scope") @Nullable String scope) {
        Scope of = scope(scope);
        Interval period = period(from, until, Granularity.MONTHLY);
        return CommitmentReportView.of(period, of, explorer.commitments(caller.account(), period, of));
    }

    private static Scope scope(@Nullable String scope) {
        return Query.orElse(Query.named("scope", scope, Scope::ofCode), Scope.OWN);
    }

    static Interval period(@Nullable String from, @Nullable String until, Granularity granularity) {
        Duration longest = granularity == Granularity.HOURLY ? LONGEST_BY_HOUR : LONGEST;
        Instant begin = hour("from", from);
        Instant end = hour("until", until);
        if (!begin.isBefore(end)) {
            throw Query.refused("until", "It does not lie behind from");
        }
        if (Duration.between(begin, end).compareTo(longest) > 0) {
            throw Query.refused("until", "It lies more than " + longest.toDays() + " days behind from");
        }
        return new Interval(begin, end);
    }

    private static Instant hour(String name, @Nullable String text) {
        Instant moment = Query.required(name, Query.instant(name, text));
        if (!moment.equals(moment.truncatedTo(ChronoUnit.HOURS))) {
            throw Query.refused(name, "A full hour is expected, such as 2026-01-01T00:00:00Z, not " + text);
        }
        return moment;
    }

    static List<Dimension> dimensions(List<String> groupBy, int most) {
        List<Dimension> dimensions = new ArrayList<>();
        for (String list : groupBy) {
            for (String code : list.split(",", -1)) {
                Dimension dimension = Query.requiredNamed("groupBy", code, Dimension::ofCode);
                if (dimensions.contains(dimension)) {
                    throw Query.refused("groupBy", "It stands twice: " + code);
                }
                dimensions.add(dimension);
            }
        }
        if (dimensions.size() > most) {
            throw Query.refused("groupBy", "At most " + most + " are expected, not " + dimensions.size());
        }
        return dimensions;
    }

    private static AccountId account(String text) {
        if (!AccountId.isValid(text)) {
            throw Query.refused("account", "An account id has 12 digits, unlike " + text);
        }
        return new AccountId(text);
    }
}
