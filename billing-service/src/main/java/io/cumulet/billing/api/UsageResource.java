package io.cumulet.billing.api;

import io.cumulet.billing.app.RunStore;
import io.cumulet.billing.app.RunStore.Position;
import io.cumulet.billing.app.RunStore.UsageQuery;
import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What ran, as it was metered. */
@Path("/v1/usage")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Usage")
public class UsageResource {

    private final RunStore runs;
    private final Caller caller;
    private final InstantSource clock;

    public UsageResource(RunStore runs, Caller caller, InstantSource clock) {
        this.runs = runs;
        this.caller = caller;
        this.clock = clock;
    }

    @Schema(description = "A page of runs, by start")
    public record UsagePage(List<RunView> runs, @Nullable String nextToken) {}

    @Schema(description = "One stay of an instance in running")
    public record RunView(
            String instanceId,

            @Schema(description = "Which run of the instance, from 1")
            int run,

            String availabilityZone,
            String instanceType,
            String os,
            String tenancy,
            String market,
            @Schema(description = "Truncated to the second") Instant startedAt,
            @Nullable Instant endedAt,

            @Schema(description = "user or interruption") @Nullable
            String endedBy,

            @Schema(description = "Metered seconds, up to now while it runs; before any minimum of the price list")
            long seconds,

            boolean running,

            @Schema(description = "Whether an event is missing that could change it")
            boolean provisional) {

        static RunView of(UsageRun run, Instant now) {
            UsageRun.End end = run.end();
            long soFar = Math.max(0, Duration.between(run.startedAt(), now).toSeconds());
            return new RunView(
                    run.instanceId(),
                    run.number(),
                    run.thing().zone().value(),
                    run.thing().instanceType().value(),
                    run.thing().os().code(),
                    run.thing().tenancy().code(),
                    run.thing().market().code(),
                    run.startedAt(),
                    end == null ? null : end.at(),
                    end == null ? null : end.cause().code(),
                    end == null ? soFar : end.seconds(),
                    run.isRunning(),
                    run.provisional());
        }
    }

    @GET
    @AllowedQuery({"instanceId", "from", "until", "maxResults", "nextToken"})
    @Operation(summary = "Lists the runs of the caller's instances in a region")
    @Parameter(name = "region", in = ParameterIn.QUERY, description = "us-east-1 if not said")
    public UsagePage list(
            @Parameter(description = "Only this instance") @QueryParam("instanceId") @Nullable String instanceId,
            @Parameter(description = "Only runs that had not ended by then") @QueryParam("from") @Nullable String from,
            @Parameter(description = "Only runs that began before") @QueryParam("until") @Nullable String until,
            @Parameter(description = "At most 1000; 100 if not said") @QueryParam("maxResults") @Nullable
                    String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        String after = paging.afterKey();
        Instant begin = Query.instant("from", from);
        Instant end = Query.instant("until", until);
        if (begin != null && end != null && !begin.isBefore(end)) {
            throw Query.refused("until", "It lies behind from");
        }
        List<UsageRun> asked = runs.page(new UsageQuery(
                caller.account(),
                caller.region(),
                instanceId,
                begin,
                end,
                after == null ? null : position(after),
                paging.sizeToAsk()));
        Instant now = clock.instant();
        return new UsagePage(
                paging.page(asked).stream().map(run -> RunView.of(run, now)).toList(),
                paging.nextToken(asked, UsageResource::key));
    }

    private static String key(UsageRun run) {
        return run.startedAt() + " " + run.number() + " " + run.instanceId();
    }

    private static Position position(String key) {
        String[] parts = key.split(" ", 3);
        try {
            return new Position(Instant.parse(parts[0]), parts[2], Integer.parseInt(parts[1]));
        } catch (DateTimeException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw Refusal.of(ErrorCode.INVALID_NEXT_TOKEN, "nextToken", "This is not a token of a page of this list")
                    .asException();
        }
    }
}
