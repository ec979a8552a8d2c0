package io.cumulet.spotmarket.api;

import io.cumulet.spotmarket.app.Simulations;
import io.cumulet.spotmarket.domain.simulation.MarketHistory;
import io.cumulet.spotmarket.domain.simulation.Simulation;
import io.cumulet.spotmarket.domain.simulation.Strategy;
import io.smallrye.common.annotation.Blocking;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Tries bid strategies on a price history: nothing is stored, and no pool hears of it. */
@Path("/v1/spot-simulations")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
@Tag(name = "Spot simulations")
public class SimulationResource {

    private final Simulations simulations;

    public SimulationResource(Simulations simulations) {
        this.simulations = simulations;
    }

    /**
     * What came of each strategy, in their order.
     *
     * @param from when the history begins
     * @param until when it ends
     */
    public record SimulationsView(Instant from, Instant until, List<SimulationView> simulations) {}

    @POST
    @Operation(
            summary = "Tries bid strategies on a price history",
            description =
                    "Each runs one instance whenever the price is at most its max. When the price rises above it, the"
                            + " instance goes 120 s later. It is billed as spot is: each instance-hour at the price at its begin,"
                            + " the interrupted hour free. Room is always there: a history of prices knows nothing of capacity.")
    public SimulationsView simulate(@NotNull SimulationBody body) {
        int runsToList = body.runsToList();
        MarketHistory history = body.history(simulations);
        List<Strategy> strategies = body.strategies(history);
        return new SimulationsView(
                history.period().from(),
                history.period().until(),
                strategies.stream()
                        .map(strategy -> SimulationView.of(Simulation.of(history, strategy), runsToList))
                        .toList());
    }
}
