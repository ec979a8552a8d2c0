package io.cumulet.plumbing.rebuild;

import io.cumulet.plumbing.api.OperatorOnly;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What this service has made from topics, and can make anew. */
@Path("/v1/projections")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@OperatorOnly
@Blocking
@Tag(name = "Operations")
public class ProjectionsResource {

    private final Rebuilds rebuilds;

    public ProjectionsResource(Rebuilds rebuilds) {
        this.rebuilds = rebuilds;
    }

    /** All of this service. */
    public record ProjectionList(List<Rebuilds.Known> projections) {}

    @GET
    @Operation(summary = "What this service has made from topics")
    public ProjectionList list() {
        return new ProjectionList(rebuilds.all());
    }

    @POST
    @Path("/{name}/rebuild")
    @Operation(
            summary = "Makes a projection anew from its topic, while the service runs",
            description = "Publishes nothing; answers when it is done. Readers see the old state until then.")
    public Rebuilds.Rebuilt rebuild(@PathParam("name") String name) {
        return rebuilds.rebuild(name).orThrow();
    }
}
