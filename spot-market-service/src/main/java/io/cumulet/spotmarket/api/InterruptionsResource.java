package io.cumulet.spotmarket.api;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.plumbing.api.AuthMode;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.spotmarket.app.Interruptions;
import io.cumulet.spotmarket.config.MarketConfig;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import io.smallrye.common.annotation.Blocking;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Interruptions on demand, for people who test how their software takes them. */
@Path("/v1/interruptions")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
@Tag(name = "Interruptions")
public class InterruptionsResource {

    private static final int LONGEST_SECONDS = 3600;
    private static final int MOST_INSTANCES = 1000;
    private static final int ALL = 100;

    private final Caller caller;
    private final Interruptions interruptions;
    private final MarketConfig config;
    private final AuthMode mode;

    public InterruptionsResource(Caller caller, Interruptions interruptions, MarketConfig config, AuthMode mode) {
        this.caller = caller;
        this.interruptions = interruptions;
        this.config = config;
        this.mode = mode;
    }

    /** What is to be interrupted, and when: instances by their ids, or a share of a fleet. */
    public record InterruptionBody(
            @Schema(description = "Running spot instances, 1 to 1,000") @Nullable
            List<String> instanceIds,

            @Schema(description = "Instead of instanceIds: a share of this fleet's running instances") @Nullable
            String fleetId,

            @Schema(description = "Of a fleet, 1 to 100, rounded up to whole instances") @Nullable
            Integer percent,

            @Schema(description = "The same seed chooses the same of the same instances; answered if it isn't said")
            @Nullable
            Integer seed,

            @Schema(description = "From the warning to the interruption, 0 to 3,600; 120 if not said") @Nullable
            Integer noticeSeconds,

            @Schema(description = "First a rebalance recommendation, and the warning so much later, 1 to 3,600")
            @Nullable
            Integer rebalanceSecondsBefore,

            @Schema(description = "The same token with the same request gives the same answer") @Nullable
            String clientToken) {

        private InterruptionBody withoutToken() {
            return new InterruptionBody(
                    instanceIds, fleetId, percent, seed, noticeSeconds, rebalanceSecondsBefore, null);
        }

        private Interruptions.Target target() {
            List<String> ids = instanceIds;
            String fleet = fleetId;
            if (ids != null && fleet != null) {
                throw refuse(
                        ErrorCode.INVALID_PARAMETER_COMBINATION, "fleetId", "Either instanceIds or a share of a fleet");
            }
            if (ids != null) {
                mustBeOfAFleet("percent", percent);
                mustBeOfAFleet("seed", seed);
                if (ids.isEmpty() || ids.size() > MOST_INSTANCES || ids.contains(null)) {
                    throw refuse(
                            ErrorCode.INVALID_PARAMETER_VALUE,
                            "instanceIds",
                            "They are 1 to " + MOST_INSTANCES + " ids");
                }
                return new Interruptions.Target.Named(ids);
            }
            if (fleet == null) {
                throw refuse(
                        ErrorCode.MISSING_PARAMETER, "instanceIds", "Missing: instanceIds, or fleetId and percent");
            }
            if (percent == null) {
                throw refuse(ErrorCode.MISSING_PARAMETER, "percent", "Missing: percent");
            }
            return new Interruptions.Target.Share(fleet, within("percent", percent, 1, ALL), seed);
        }

        private static void mustBeOfAFleet(String field, @Nullable Integer value) {
            if (value != null) {
                throw refuse(ErrorCode.INVALID_PARAMETER_COMBINATION, field, "This is for a share of a fleet");
            }
        }

        private Interruptions.Timing timing() {
            Duration notice = noticeSeconds == null
                    ? SpotRequest.NOTICE
                    : Duration.ofSeconds(within("noticeSeconds", noticeSeconds, 0, LONGEST_SECONDS));
            Duration before = rebalanceSecondsBefore == null
                    ? null
                    : Duration.ofSeconds(within("rebalanceSecondsBefore", rebalanceSecondsBefore, 1, LONGEST_SECONDS));
            return new Interruptions.Timing(notice, before);
        }

        private static int within(String field, int value, int least, int most) {
            if (value < least || value > most) {
                throw refuse(
                        ErrorCode.INVALID_PARAMETER_VALUE, field, "It is " + least + " to " + most + ", not " + value);
            }
            return value;
        }
    }

    /** An interruption that will come about: when its instance is warned, and when it is taken. */
    public record InterruptionView(String instanceId, String spotRequestId, Instant warnedAt, Instant actionAt) {}

    /** @param seed of the choice, if one was made */
    public record Answer(
            List<InterruptionView> interruptions, @Nullable Integer seed) {}

    @POST
    @ResponseStatus(201)
    @Operation(
            summary = "Interrupts spot instances, with the notice of your choice",
            description = "All of them or none. They are warned and taken back as by the market. An operator may name "
                    + "anybody's. Where tokens are checked only operators may, unless "
                    + "cumulet.spot-market.interruptions-by-owners says otherwise.")
    public Answer inject(@NotNull InterruptionBody body) {
        if (!caller.isOperator() && !mayOwners()) {
            throw refuse(ErrorCode.FORBIDDEN, "Authorization", "Here only operators may have instances interrupted");
        }
        Interruptions.Result result = interruptions
                .inject(
                        new Interruptions.Scope(caller.account(), caller.isOperator(), caller.region()),
                        body.target(),
                        body.timing(),
                        body.clientToken(),
                        body.withoutToken())
                .orThrow();
        return new Answer(
                result.interruptions().stream()
                        .map(one ->
                                new InterruptionView(one.instanceId(), one.requestId(), one.warnedAt(), one.actionAt()))
                        .toList(),
                result.seed());
    }

    private boolean mayOwners() {
        return config.interruptionsByOwners().orElseGet(() -> switch (mode.mode()) {
            case LOCAL -> true;
            case JWT -> false;
        });
    }

    private static RefusedException refuse(ErrorCode code, String field, String message) {
        return Refusal.of(code, field, message).asException();
    }
}
