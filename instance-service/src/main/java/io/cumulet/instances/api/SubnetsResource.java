package io.cumulet.instances.api;

import io.cumulet.instances.app.Subnets;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

@Path("/v1/subnets")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Network")
public class SubnetsResource {

    private final Subnets subnets;
    private final Caller caller;

    public SubnetsResource(Subnets subnets, Caller caller) {
        this.subnets = subnets;
        this.caller = caller;
    }

    public record SubnetView(
            String subnetId,
            String vpcId,
            String availabilityZone,
            String cidrBlock,
            int availableIpAddressCount,
            boolean defaultForAz) {

        static SubnetView of(Subnets.SubnetUse use) {
            return new SubnetView(
                    use.subnet().id(),
                    use.subnet().vpcId(),
                    use.subnet().zone().value(),
                    use.subnet().cidr().toString(),
                    use.free(),
                    use.subnet().isDefault());
        }
    }

    public record SubnetList(List<SubnetView> subnets) {}

    @GET
    @AllowedQuery({"subnetId", "availabilityZone"})
    @Operation(summary = "Lists your subnets in the region: one in each zone, in your default VPC 172.31.0.0/16")
    public SubnetList list(
            @QueryParam("subnetId") List<String> ids, @QueryParam("availabilityZone") List<String> zones) {
        List<SubnetView> all = all();
        for (String id : ids) {
            if (all.stream().noneMatch(subnet -> subnet.subnetId().equals(id))) {
                throw unknown(id);
            }
        }
        for (String zone : zones) {
            if (!Filters.isZone(zone, caller.region())) {
                throw Refusal.of(
                                ErrorCode.INVALID_AVAILABILITY_ZONE,
                                "availabilityZone",
                                "The zone '" + zone + "' does not exist in " + caller.region())
                        .asException();
            }
        }
        return new SubnetList(all.stream()
                .filter(subnet -> ids.isEmpty() || ids.contains(subnet.subnetId()))
                .filter(subnet -> zones.isEmpty() || zones.contains(subnet.availabilityZone()))
                .toList());
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Tells of one subnet")
    public SubnetView get(@PathParam("id") String id) {
        return all().stream()
                .filter(subnet -> subnet.subnetId().equals(id))
                .findFirst()
                .orElseThrow(() -> unknown(id));
    }

    private List<SubnetView> all() {
        return subnets.of(caller.account(), caller.region()).stream()
                .map(SubnetView::of)
                .toList();
    }

    private static RuntimeException unknown(String id) {
        return Refusal.of(ErrorCode.SUBNET_NOT_FOUND, "subnetId", "The subnet id '" + id + "' does not exist")
                .asException();
    }
}
