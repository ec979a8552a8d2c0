package io.cumulet.billing.api;

import io.cumulet.billing.app.Rebuild;
import io.cumulet.plumbing.api.OperatorOnly;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** For operators: usage made anew from the topics. */
@Path("/v1/usage/rebuild")
@Produces(MediaType.APPLICATION_JSON)
@OperatorOnly
@Tag(name = "Usage")
public class RebuildResource {

    private final Rebuild rebuild;

    public RebuildResource(Rebuild rebuild) {
        this.rebuild = rebuild;
    }

    @POST
    @Operation(
            summary = "Makes facts, runs and spot prices anew from Kafka",
            description =
                    "For operators. Publishes nothing; answers when it is done. Bills show the old state until then.")
    public Rebuild.Result run() {
        return rebuild.run();
    }
}
