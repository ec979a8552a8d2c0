package io.cumulet.instances.api;

import io.cumulet.instances.app.Instances;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InterruptionBehavior;
import io.cumulet.instances.domain.lifecycle.SpotTerms;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.Caller;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * What an instance can read of itself, under the paths and in the forms of EC2's instance metadata service, above all whether
 * it is taken back. There is no 169.254.169.254 here: it is asked for with the account's token, under the instance's path.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-metadata.html">Instance metadata categories</a>
 */
@Path("/v1/instances/{id}/metadata/latest/meta-data")
@Produces(MediaType.TEXT_PLAIN)
@Tag(name = "Instance metadata")
@APIResponse(responseCode = "200", description = "Plain text, as the metadata service gives it")
@APIResponse(responseCode = "404", description = "No such instance, or it has nothing of this kind (now)")
public class InstanceMetadataResource {

    private final Instances instances;
    private final Caller caller;

    public InstanceMetadataResource(Instances instances, Caller caller) {
        this.instances = instances;
        this.caller = caller;
    }

    @GET
    @Path("instance-id")
    @Operation(summary = "The instance's id")
    public String instanceId(@PathParam("id") String id) {
        return found(id).id();
    }

    @GET
    @Path("instance-type")
    @Operation(summary = "The instance's type")
    public String instanceType(@PathParam("id") String id) {
        return found(id).type().value();
    }

    @GET
    @Path("instance-life-cycle")
    @Operation(summary = "How it was bought: on-demand, spot or scheduled")
    public String lifeCycle(@PathParam("id") String id) {
        Instance instance = found(id);
        if (instance.isSpot()) {
            return "spot";
        }
        return instance.isScheduled() ? "scheduled" : "on-demand";
    }

    @GET
    @Path("ami-id")
    @Operation(summary = "The image it was launched from")
    public String imageId(@PathParam("id") String id) {
        return found(id).launch().imageId();
    }

    @GET
    @Path("ami-launch-index")
    @Operation(summary = "Its number among those of its launch, from 0")
    public String launchIndex(@PathParam("id") String id) {
        return Integer.toString(found(id).launch().index());
    }

    @GET
    @Path("reservation-id")
    @Operation(summary = "The launch it belongs to")
    public String reservationId(@PathParam("id") String id) {
        return found(id).launch().reservationId();
    }

    @GET
    @Path("local-ipv4")
    @Operation(summary = "The private IPv4 address of its primary interface")
    public String localAddress(@PathParam("id") String id) {
        return there(found(id).privateAddress(), "private address", id);
    }

    @GET
    @Path("placement/availability-zone")
    @Operation(summary = "Its Availability Zone")
    public String zone(@PathParam("id") String id) {
        return found(id).zone().value();
    }

    @GET
    @Path("placement/region")
    @Operation(summary = "Its region")
    public String region(@PathParam("id") String id) {
        return found(id).region().value();
    }

    @GET
    @Path("spot/instance-action")
    @Operation(
            summary = "What happens to a spot instance that is taken back, and when",
            description =
                    "JSON, such as {\"action\":\"terminate\",\"time\":\"2026-01-01T00:02:00Z\"}; 404 until it is warned. "
                            + "The action is terminate, stop or hibernate.")
    public String action(@PathParam("id") String id) {
        Instance instance = found(id);
        Instant actionAt = there(instance.interruptionActionAt(), "interruption notice", id);
        SpotTerms spot = there(instance.spot(), "interruption notice", id);
        return "{\"action\":\"" + spot.behavior().code() + "\",\"time\":\"" + seconds(actionAt) + "\"}";
    }

    @GET
    @Path("spot/termination-time")
    @Operation(
            summary = "When a spot instance that is taken back is terminated",
            description =
                    "Such as 2026-01-01T00:02:00Z; 404 until it is warned, and for one that is stopped or hibernated.")
    public String terminationTime(@PathParam("id") String id) {
        Instance instance = found(id);
        SpotTerms spot = instance.spot();
        boolean isTerminated = spot != null && spot.behavior() == InterruptionBehavior.TERMINATE;
        return seconds(there(isTerminated ? instance.interruptionActionAt() : null, "termination notice", id));
    }

    @GET
    @Path("events/recommendations/rebalance")
    @Operation(
            summary = "When a spot instance was told that it is at an elevated risk of being taken back",
            description =
                    "JSON, such as {\"noticeTime\":\"2026-01-01T00:00:00Z\"}; 404 if it wasn't, since it was last started.")
    public String rebalance(@PathParam("id") String id) {
        Instant at = there(found(id).rebalanceRecommendedAt(), "rebalance recommendation", id);
        return "{\"noticeTime\":\"" + seconds(at) + "\"}";
    }

    private Instance found(String id) {
        return instances.find(id, caller.account(), caller.region()).orThrow();
    }

    private static <T> T there(@Nullable T value, String what, String id) {
        if (value == null) {
            throw Refusal.of(ErrorCode.NOT_FOUND, "There is no " + what + " of the instance " + id)
                    .asException();
        }
        return value;
    }

    /** The metadata service gives whole seconds; rather too early than too late. */
    private static String seconds(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
