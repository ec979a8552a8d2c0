package io.cumulet.endpoint.actions.zones;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.catalog.Regions;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Regions and Availability Zones. */
@ApplicationScoped
public class ZoneActions implements ActionSet {

    private static final String OPT_IN = "opt-in-not-required";

    /**
     * The regions that an account has to ask for in AWS; here each has them.
     *
     * @see <a href="https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html">Enable or disable regions</a>
     */
    private static final Set<String> ASKED_FOR = Set.of(
            "af-south-1",
            "ap-east-1",
            "ap-east-2",
            "ap-south-2",
            "ap-southeast-3",
            "ap-southeast-4",
            "ap-southeast-5",
            "ap-southeast-6",
            "ap-southeast-7",
            "ca-west-1",
            "eu-central-2",
            "eu-south-1",
            "eu-south-2",
            "il-central-1",
            "me-central-1",
            "me-south-1",
            "mx-central-1");

    /** What the group of a region's own zones is called behind it. */
    private static final String ZONE_GROUP = "-zg-1";

    @Override
    public void addTo(Actions actions) {
        actions.ec2("DescribeRegions", ZoneActions::describeRegions);
        actions.ec2("DescribeAvailabilityZones", ZoneActions::describeAvailabilityZones);
    }

    private static ObjectNode describeRegions(Call call) {
        List<JsonNode> regions = new ArrayList<>();
        for (JsonNode region : call.instances().get("/v1/regions").path("regions")) {
            String name = region.path("region").asText();
            regions.add(Call.answer()
                    .put("RegionName", name)
                    .put("Endpoint", "ec2." + name + ".amazonaws.com")
                    .put("OptInStatus", ASKED_FOR.contains(name) ? "opted-in" : OPT_IN));
        }
        return Listing.of(call, "Regions", "RegionName")
                .ids("RegionNames", "InvalidParameterValue", "Invalid region: %s")
                .filter("endpoint", Filters.at("Endpoint"))
                .answer(regions);
    }

    /** What people call a region's own zones, such as {@code US East (N. Virginia) 1}. */
    private static @Nullable String longName(String region) {
        return Regions.find(new Region(region))
                .map(facts -> facts.name() + " 1")
                .orElse(null);
    }

    private static ObjectNode describeAvailabilityZones(Call call) {
        List<JsonNode> zones = new ArrayList<>();
        for (JsonNode zone : call.instances().get("/v1/availability-zones").path("availabilityZones")) {
            ObjectNode shown = Call.answer()
                    .put("ZoneName", zone.path("availabilityZone").asText())
                    .put("ZoneId", zone.path("zoneId").asText(null))
                    .put("RegionName", zone.path("region").asText())
                    .put("State", zone.path("state").asText())
                    .put("OptInStatus", OPT_IN)
                    .put("ZoneType", "availability-zone")
                    .put("GroupName", zone.path("region").asText() + ZONE_GROUP)
                    .put("GroupLongName", longName(zone.path("region").asText()))
                    .put("NetworkBorderGroup", zone.path("region").asText());
            // Nothing is said of zones that are well, and all are.
            shown.putArray("Messages");
            zones.add(shown);
        }
        String ids = call.has("ZoneIds") ? "ZoneIds" : "ZoneNames";
        return Listing.of(call, "AvailabilityZones", ids.equals("ZoneIds") ? "ZoneId" : "ZoneName")
                .ids(ids, "InvalidParameterValue", "Invalid availability zone: [%s]")
                .filter("state", Filters.at("State"))
                .nothingHas("message")
                .answer(zones);
    }
}
