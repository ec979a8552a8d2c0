package io.cumulet.firewall.api;

import io.cumulet.firewall.app.RulesetPublications;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.OperatorOnly;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

@Path("/v1/rulesets")
@OperatorOnly
@Tag(name = "Rulesets (operator)")
public class RulesetsResource {

    /** Which version of its ruleset a host is at once it has loaded the text. */
    private static final String VERSION = "Ruleset-Version";

    private final RulesetPublications publications;
    private final Caller caller;

    public RulesetsResource(RulesetPublications publications, Caller caller) {
        this.publications = publications;
        this.caller = caller;
    }

    /** What was published. */
    @Schema(name = "RulesetPublication")
    public record PublicationView(String hostId, long version, int chunks) {}

    @GET
    @Path("/{hostId}")
    @Produces(MediaType.TEXT_PLAIN)
    @Operation(
            summary = "A host's compiled rules, for nft -f",
            description = "The whole ruleset as it is now; the header Ruleset-Version says which version that is.")
    @APIResponse(
            responseCode = "200",
            content = @Content(mediaType = MediaType.TEXT_PLAIN, schema = @Schema(implementation = String.class)))
    public Response get(@PathParam("hostId") String hostId) {
        RulesetPublications.Text text =
                publications.text(caller.region(), hostId).orThrow();
        return Response.ok(String.join("\n", text.lines()) + "\n")
                .header(VERSION, text.version())
                .build();
    }

    @POST
    @Path("/{hostId}/publication")
    @Produces(MediaType.APPLICATION_JSON)
    @ResponseStatus(202)
    @Operation(
            summary = "Publish a host's whole ruleset now",
            description = "On firewall.rulesets, under the version it has: for a host that missed a change.")
    public PublicationView publish(@PathParam("hostId") String hostId) {
        RulesetPublications.Published published =
                publications.publish(caller.region(), hostId).orThrow();
        return new PublicationView(published.hostId(), published.version(), published.chunks());
    }
}
