package io.cumulet.plumbing.suite;

import io.cumulet.plumbing.api.OperatorOnly;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What the clock's barrier asks every service. */
@Path("/v1/status")
@Produces(MediaType.APPLICATION_JSON)
@OperatorOnly(alsoServices = true)
@Tag(name = "Operations")
public class SuiteResource {

    private final StatusReport report;

    public SuiteResource(StatusReport report) {
        this.report = report;
    }

    @GET
    @Operation(summary = "How busy this service is: the barrier of the stack's clock asks this")
    public ServiceStatus status() throws SQLException, ExecutionException, InterruptedException {
        return report.now();
    }

    @GET
    @Path("/epoch")
    @Operation(summary = "Which epoch this process has reached: a reset asks this")
    public ServiceStatus epoch() {
        return report.brief();
    }
}
