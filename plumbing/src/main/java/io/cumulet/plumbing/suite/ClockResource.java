package io.cumulet.plumbing.suite;

import io.cumulet.contract.ClockSnapshot;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.OperatorOnly;
import io.cumulet.plumbing.clock.StackClock;
import io.quarkus.arc.properties.IfBuildProperty;
import io.smallrye.common.annotation.Blocking;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The stack's clock and its reset, for operators. Only in the service that coordinates the suite. */
@Path("/v1")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@IfBuildProperty(name = "cumulet.suite.coordinator", stringValue = "true")
@Tag(name = "Operations")
public class ClockResource {

    /** Ten years: further than any term. */
    private static final Duration FARTHEST = Duration.ofDays(3_660);

    private final ClockCoordinator coordinator;
    private final StackClock clock;

    public ClockResource(ClockCoordinator coordinator, StackClock clock) {
        this.coordinator = coordinator;
        this.clock = clock;
    }

    /**
     * @param mode {@code system}, {@code running} or {@code frozen}
     * @param now the stack's time
     */
    public record ClockView(String mode, Instant now, int epoch) {}

    /**
     * @param action {@code freeze}, {@code run} or {@code advance}
     * @param duration ISO 8601, such as {@code PT2H} or {@code P30D}; for {@code advance}
     */
    public record ClockCommand(
            @NotNull String action, @Nullable String duration) {}

    @GET
    @Path("/clock")
    @Operation(summary = "The stack's time")
    public ClockView now() {
        ClockSnapshot state = clock.state();
        return new ClockView(state == null ? "system" : state.mode(), clock.instant(), clock.epoch());
    }

    @POST
    @Path("/clock")
    @OperatorOnly
    @Blocking
    @Operation(
            summary = "Freezes the clock, lets it run, or moves it forward",
            description = "Answers once every timer up to the new time has fired, in order, over all services.")
    public ClockView move(@Valid @NotNull ClockCommand command) {
        if (command.duration() != null && !command.action().equals("advance")) {
            throw Refusal.of(ErrorCode.INVALID_PARAMETER_COMBINATION, "duration", "Only advance takes a duration")
                    .asException();
        }
        switch (command.action()) {
            case "freeze" -> coordinator.freeze();
            case "run" -> coordinator.run();
            case "advance" -> coordinator.advance(duration(command.duration()));
            default ->
                throw Refusal.of(
                                ErrorCode.INVALID_PARAMETER_VALUE,
                                "action",
                                "It is freeze, run or advance, not " + command.action())
                        .asException();
        }
        return now();
    }

    @POST
    @Path("/reset")
    @OperatorOnly(alsoServices = true)
    @Blocking
    @Consumes(MediaType.WILDCARD)
    @Operation(summary = "Empties the whole stack: every table of every service, every topic")
    public ClockView reset() {
        coordinator.reset();
        return now();
    }

    private static Duration duration(@Nullable String text) {
        if (text == null) {
            throw Refusal.of(ErrorCode.MISSING_PARAMETER, "duration", "How far the clock moves, such as PT2H")
                    .asException();
        }
        try {
            Duration duration = Duration.parse(text);
            if (duration.compareTo(FARTHEST) > 0) {
                throw Refusal.of(
                                ErrorCode.INVALID_PARAMETER_VALUE,
                                "duration",
                                "The clock moves " + FARTHEST.toDays() + " days at once at most")
                        .asException();
            }
            return duration;
        } catch (DateTimeParseException | ArithmeticException e) {
            throw Refusal.of(
                            ErrorCode.INVALID_PARAMETER_VALUE,
                            "duration",
                            "It is an ISO 8601 duration such as PT2H or P30D, not " + text)
                    .asException();
        }
    }
}
