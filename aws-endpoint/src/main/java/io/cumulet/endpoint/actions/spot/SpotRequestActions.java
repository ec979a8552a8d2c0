package io.cumulet.endpoint.actions.spot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.endpoint.actions.Names;
import io.cumulet.endpoint.actions.Pauses;
import io.cumulet.endpoint.actions.Products;
import io.cumulet.endpoint.actions.TagSpecifications;
import io.cumulet.endpoint.actions.securitygroups.GroupNames;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Query;
import io.cumulet.endpoint.services.RestService;
import io.cumulet.kernel.DefaultNetwork;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Requests for spot instances. */
@ApplicationScoped
public class SpotRequestActions implements ActionSet {

    private static final String PATH = "/v1/spot-requests";
    private static final String MEMBER = "spotRequests";
    private static final String NOT_FOUND = "InvalidSpotInstanceRequestID.NotFound";
    private static final String NOT_FOUND_MESSAGE = "The spot instance request ID '%s' does not exist";

    /** Filters that the market applies itself, and what it calls them; values of states it would refuse if unknown. */
    private static final Map<String, String> NATIVE = Map.of(
            "spot-instance-request-id", "spotRequestId",
            "instance-id", "instanceId",
            "launch-group", "launchGroup",
            "availability-zone-group", "availabilityZoneGroup",
            "launch.instance-type", "instanceType");

    /** EC2's, for who names none. */
    private static final String USUAL_TYPE = "m1.small";

    private static final int SHOWN_DECIMALS = 6;

    /** EC2's have more than hexadecimal digits. */
    private static final Pattern ID = Pattern.compile("sir-[0-9a-z]{8}([0-9a-z]{9})?");

    /** What a request is in for no longer than a launch takes. */
    private static final Set<String> SOON_OTHERWISE = Set.of("pending-evaluation", "pending-fulfillment");

    private static final Set<String> STATES = Set.of("open", "active", "closed", "cancelled", "failed", "disabled");

    @Override
    public void addTo(Actions actions) {
        actions.ec2("RequestSpotInstances", call -> request(call.said()));
        actions.ec2("DescribeSpotInstanceRequests", SpotRequestActions::describe);
        actions.ec2("CancelSpotInstanceRequests", SpotRequestActions::cancel);
    }

    private static ObjectNode request(Call call) {
        if (call.has("BlockDurationMinutes")) {
            throw AwsError.unsupported("Spot Instances of a defined duration (BlockDurationMinutes) are not supported");
        }
        ObjectNode body =
                LaunchSpecification.of(call, call.get("LaunchSpecification")).asSpot();
        if (!body.has("instanceType")) {
            body.put("instanceType", USUAL_TYPE);
        }
        put(body, "count", call.get("InstanceCount"));
        put(body, "maxPrice", call.get("SpotPrice"));
        put(body, "type", call.get("Type"));
        put(body, "interruptionBehavior", call.get("InstanceInterruptionBehavior"));
        put(body, "validFrom", call.get("ValidFrom"));
        put(body, "validUntil", call.get("ValidUntil"));
        put(body, "launchGroup", call.get("LaunchGroup"));
        put(body, "availabilityZoneGroup", call.get("AvailabilityZoneGroup"));
        put(body, "clientToken", call.get("ClientToken"));
        body.set("tags", TagSpecifications.of(call, "spot-instances-request"));
        // As in EC2 the tags of a request aren't its instances'.
        body.putObject("instanceTags");
        return answer(call, call.spotMarket().post(PATH, body).path(MEMBER));
    }

    private static void put(ObjectNode body, String field, JsonNode value) {
        if (!value.isMissingNode()) {
            body.set(field, value);
        }
    }

    private static ObjectNode answer(Call call, JsonNode views) {
        ObjectNode answer = Call.answer();
        ArrayNode requests = answer.putArray("SpotInstanceRequests");
        Map<String, String> groups = groups(call, views);
        views.forEach(view -> requests.add(request(call, view, groups)));
        return answer;
    }

    private static Map<String, String> groups(Call call, Iterable<JsonNode> views) {
        Set<String> ids = new TreeSet<>();
        views.forEach(view -> groupIds(call, view).forEach(ids::add));
        return GroupNames.byId(call, ids);
    }

    /** Of a request that names none they are the default network's. */
    private static List<String> groupIds(Call call, JsonNode view) {
        List<String> ids = new ArrayList<>();
        view.path("securityGroupIds").forEach(group -> ids.add(group.asText()));
        return ids.isEmpty() && !view.hasNonNull("subnetId")
                ? List.of(DefaultNetwork.securityGroupId(call.account(), call.region()))
                : ids;
    }

    private static ObjectNode describe(Call call) {
        mustBeIds(call);
        Query query = Query.none();
        Filters filters = Filters.of(call);
        NATIVE.forEach((filter, parameter) -> {
            List<String> values = filters.wanted().getOrDefault(filter, List.of());
            if (!values.contains("") && filters.takePlain(filter) != null) {
                query.andEach(parameter, values);
            }
        });
        List<String> states = filters.wanted().getOrDefault("state", List.of());
        if (STATES.containsAll(states)) {
            query.andEach("state", states);
        }
        if (!filters.wanted().containsKey("spot-instance-request-id")) {
            query.andEach(
                    "spotRequestId",
                    call.texts("SpotInstanceRequestIds").stream()
                            .filter(id -> !id.isEmpty())
                            .toList());
        }
        List<JsonNode> views = call.spotMarket().list(PATH, MEMBER, query);
        Pauses pauses = new Pauses(Pauses.OF_READERS);
        while (call.has("SpotInstanceRequestIds")
                && views.stream()
                        .anyMatch(view ->
                                SOON_OTHERWISE.contains(view.path("statusCode").asText()))
                && pauses.next()) {
            views = call.spotMarket().list(PATH, MEMBER, query);
        }
        Set<String> unseen = new LinkedHashSet<>(call.texts("SpotInstanceRequestIds"));
        views.forEach(view -> unseen.remove(view.path("spotRequestId").asText()));
        mustBeThere(call, unseen);
        Map<String, String> groups = groups(call, views);
        return listing(call)
                .answer(views.stream().map(view -> request(call, view, groups)).toList());
    }

    private static Listing listing(Call call) {
        return Listing.of(call, "SpotInstanceRequests", "SpotInstanceRequestId")
                .filter("fault-code", Filters.at("Fault.Code"))
                .filter("fault-message", Filters.at("Fault.Message"))
                .filter("status-code", Filters.at("Status.Code"))
                .filter("status-message", Filters.at("Status.Message"))
                .filter("launch.group-id", Filters.at("LaunchSpecification.SecurityGroups.GroupId"))
                .filter("launch.group-name", Filters.at("LaunchSpecification.SecurityGroups.GroupName"))
                .filter("launch.image-id", Filters.at("LaunchSpecification.ImageId"))
                .filter("launch.instance-type", Filters.at("LaunchSpecification.InstanceType"))
                .filter("launch.key-name", Filters.at("LaunchSpecification.KeyName"))
                .filter("launch.monitoring-enabled", Filters.at("LaunchSpecification.Monitoring.Enabled"))
                .filter("network-interface.subnet-id", Filters.at("LaunchSpecification.SubnetId"))
                .filter("network-interface.group-id", Filters.at("LaunchSpecification.SecurityGroups.GroupId"))
                .filter("product-description", Products::names)
                // There are no volumes and kernels, and no interfaces that are described one by one.
                .nothingHas(
                        "launch.block-device-mapping.delete-on-termination",
                        "launch.block-device-mapping.device-name",
                        "launch.block-device-mapping.snapshot-id",
                        "launch.block-device-mapping.volume-size",
                        "launch.block-device-mapping.volume-type",
                        "launch.kernel-id",
                        "launch.ramdisk-id",
                        "network-interface.addresses.primary",
                        "network-interface.delete-on-termination",
                        "network-interface.description",
                        "network-interface.device-index",
                        "network-interface.network-interface-id",
                        "network-interface.private-ip-address");
    }

    private static void mustBeIds(Call call) {
        for (String id : call.texts("SpotInstanceRequestIds")) {
            if (!ID.matcher(id).matches()) {
                throw AwsError.of(
                        "InvalidSpotInstanceRequestID.Malformed", "Invalid id: \"" + id + "\" (expecting \"sir-...\")");
            }
        }
    }

    /** Whether all are there, whatever the filters say. */
    private static void mustBeThere(Call call, Collection<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        Set<String> missing = new LinkedHashSet<>(ids);
        call.spotMarket()
                .list(
                        PATH,
                        MEMBER,
                        Query.none()
                                .andEach(
                                        "spotRequestId",
                                        ids.stream().filter(id -> !id.isEmpty()).toList()))
                .forEach(view -> missing.remove(view.path("spotRequestId").asText()));
        if (!missing.isEmpty()) {
            throw AwsError.of(
                    NOT_FOUND, NOT_FOUND_MESSAGE.formatted(missing.iterator().next()));
        }
    }

    private static ObjectNode cancel(Call call) {
        mustBeIds(call);
        List<String> ids = call.texts("SpotInstanceRequestIds");
        mustBeThere(call, ids);
        ObjectNode answer = Call.answer();
        ArrayNode cancelled = answer.putArray("CancelledSpotInstanceRequests");
        for (String id : ids) {
            String state = call.spotMarket()
                    .delete(PATH + "/" + RestService.segment(id))
                    .path("state")
                    .asText();
            // Of one that had failed before EC2 says that it is closed.
            cancelled
                    .addObject()
                    .put("SpotInstanceRequestId", id)
                    .put("State", state.equals("failed") ? "closed" : state);
        }
        return answer;
    }

    private static ObjectNode request(Call call, JsonNode view, Map<String, String> groups) {
        String state = view.path("state").asText();
        ObjectNode request = Call.answer()
                .put("SpotInstanceRequestId", view.path("spotRequestId").asText())
                .put("State", state)
                .put("Type", view.path("type").asText())
                .put("SpotPrice", price(view.path("maxPrice").asText()))
                .put("CreateTime", view.path("createdAt").asText())
                .put("ProductDescription", Products.of(view.path("os").asText()))
                .put(
                        "InstanceInterruptionBehavior",
                        view.path("interruptionBehavior").asText());
        put(request, "InstanceId", said(view, "instanceId"));
        put(request, "LaunchGroup", said(view, "launchGroup"));
        put(request, "AvailabilityZoneGroup", said(view, "availabilityZoneGroup"));
        put(request, "ValidFrom", said(view, "validFrom"));
        put(request, "ValidUntil", said(view, "validUntil"));
        String code = view.path("statusCode").asText();
        String message = view.path("statusMessage").asText();
        request.putObject("Status")
                .put("Code", code)
                .put("Message", message)
                .put("UpdateTime", view.path("statusUpdatedAt").asText());
        if (state.equals("failed")) {
            request.putObject("Fault").put("Code", code).put("Message", message);
        }
        if (request.has("InstanceId")) {
            request.put(
                    "LaunchedAvailabilityZone", view.path("availabilityZone").asText());
        }
        request.set("LaunchSpecification", specification(call, view, groups));
        request.set("Tags", Names.tagList(view.path("tags")));
        return request;
    }

    /** With six digits behind the point, or more if there are. */
    private static String price(String usd) {
        BigDecimal price = new BigDecimal(usd);
        return price.setScale(Math.max(SHOWN_DECIMALS, price.scale()), RoundingMode.UNNECESSARY)
                .toPlainString();
    }

    private static ObjectNode specification(Call call, JsonNode view, Map<String, String> groups) {
        ObjectNode specification = Call.answer()
                .put("ImageId", view.path("imageId").asText())
                .put("InstanceType", view.path("instanceType").asText());
        put(specification, "KeyName", said(view, "keyName"));
        put(specification, "SubnetId", said(view, "subnetId"));
        specification
                .putObject("Placement")
                .put("AvailabilityZone", view.path("availabilityZone").asText());
        ArrayNode its = specification.putArray("SecurityGroups");
        for (String id : groupIds(call, view)) {
            ObjectNode group = its.addObject().put("GroupId", id);
            if (groups.containsKey(id)) {
                group.put("GroupName", groups.get(id));
            }
        }
        JsonNode options = view.path("launchOptions");
        specification
                .putObject("Monitoring")
                .put("Enabled", options.path("monitoring").path("enabled").asBoolean(false));
        if (options.path("ebsOptimized").asBoolean(false)) {
            specification.put("EbsOptimized", true);
        }
        JsonNode profile = options.path("iamInstanceProfile");
        if (profile.isObject()) {
            ObjectNode given = specification.putObject("IamInstanceProfile");
            put(given, "Arn", said(profile, "arn"));
            put(given, "Name", said(profile, "name"));
        }
        return specification;
    }

    /** A field; missing if it is null, too. */
    private static JsonNode said(JsonNode view, String field) {
        return view.hasNonNull(field) ? view.get(field) : view.path("");
    }
}
