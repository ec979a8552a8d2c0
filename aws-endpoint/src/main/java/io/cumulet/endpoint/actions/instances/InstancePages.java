package io.cumulet.endpoint.actions.instances;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.model.Shape;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.Query;
import io.cumulet.plumbing.api.PageToken;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Instances by ids, filters and pages, read by the pages of the service. What it can look for it is asked for; all filters are
 * looked at here besides, since they have wildcards and fields that it doesn't know.
 */
final class InstancePages {

    private static final String PATH = "/v1/instances";
    private static final String LIST = "instances";
    private static final int LARGEST_PAGE = 1_000;

    /** What the service looks for, by filters. */
    private static final Map<String, String> ASKED = Map.of(
            "instance-id", "instanceId",
            "reservation-id", "reservationId",
            "subnet-id", "subnetId",
            "vpc-id", "vpcId",
            "key-name", "keyName",
            "spot-instance-request-id", "spotRequestId",
            "instance.group-id", "securityGroupId",
            "private-ip-address", "privateIpAddress");

    /** Likewise, but the service refuses values that don't exist, where EC2 finds nothing. */
    private static final Map<String, String> ASKED_IF_KNOWN =
            Map.of("image-id", "imageId", "instance-type", "instanceType", "availability-zone", "availabilityZone");

    private static final Set<String> UNKNOWN_VALUE =
            Set.of("InvalidInstanceType", "InvalidAMIID.NotFound", "InvalidAvailabilityZone");

    private static final String STATE = "instance-state-name";
    private static final String TAG = "tag:";
    private static final Set<String> STATES =
            Api.EC2.model().shape("InstanceStateName").values();

    private final Call call;
    private final Filters filters;
    private final Shape shape;
    private final Map<String, Filters.Values> own;
    private final Function<List<JsonNode>, List<ObjectNode>> items;

    /**
     * @param shape the items'
     * @param own what filters look at whose names don't say it
     * @param items makes items of what the service shows, one of each; they have an {@code InstanceId}
     */
    InstancePages(
            Call call, Shape shape, Map<String, Filters.Values> own, Function<List<JsonNode>, List<ObjectNode>> items) {
        this.call = call;
        this.filters = Filters.of(call, "Filters", own.keySet());
        this.shape = shape;
        this.own = own;
        this.items = items;
    }

    /** @param nextToken null on the last page */
    record Page(List<ObjectNode> items, @Nullable String nextToken) {}

    /** @param usualState the only state that is shown unless another is asked for; null: all */
    Page read(@Nullable String usualState) {
        List<String> ids = InstanceIds.checked(call.texts("InstanceIds"));
        if (ids.isEmpty()) {
            return page(usualState);
        }
        if (call.has("MaxResults")) {
            throw AwsError.combination("The parameter instancesSet cannot be used with the parameter maxResults");
        }
        if (ids.size() > LARGEST_PAGE) {
            throw AwsError.of("InvalidParameterValue", "At most " + LARGEST_PAGE + " instance IDs can be named");
        }
        Set<String> missing = new LinkedHashSet<>(ids);
        List<JsonNode> found = OnTheWay.arrived(call, ids);
        found.forEach(view -> missing.remove(view.path("instanceId").asText()));
        if (!missing.isEmpty()) {
            throw InstanceIds.notFound(missing);
        }
        found.removeIf(
                view -> usualState != null && !view.path("state").asText().equals(usualState));
        return new Page(passing(found), null);
    }

    private Page page(@Nullable String usualState) {
        int most = call.number("MaxResults", Integer.MAX_VALUE);
        if (call.has("MaxResults") && (most < 1 || most > LARGEST_PAGE)) {
            throw AwsError.invalidValue(
                    "maxResults", String.valueOf(most), "Expecting a value from 1 to " + LARGEST_PAGE + ".");
        }
        try {
            return page(query(usualState, true), most);
        } catch (AwsError e) {
            if (UNKNOWN_VALUE.contains(e.code())) {
                return page(query(usualState, false), most);
            }
            throw e;
        }
    }

    private Page page(Query query, int most) {
        List<ObjectNode> page = new ArrayList<>();
        String token = call.text("NextToken");
        int size = Math.min(LARGEST_PAGE, most);
        while (true) {
            // What passes what the service looks for nearly always passes: a page is mostly read at once.
            JsonNode answer = call.instances().get(PATH, query(query, size, token));
            List<JsonNode> views = new ArrayList<>();
            answer.path(LIST).forEach(views::add);
            for (ObjectNode item : passing(views)) {
                if (page.size() == most) {
                    return new Page(
                            page,
                            PageToken.encode(page.getLast().path("InstanceId").asText()));
                }
                page.add(item);
            }
            token = answer.hasNonNull("nextToken") ? answer.get("nextToken").asText() : null;
            if (token == null) {
                return new Page(page, null);
            }
            if (page.size() == most) {
                return new Page(page, token);
            }
            size = Math.min(LARGEST_PAGE, 2 * size);
        }
    }

    private static Query query(Query query, int size, @Nullable String token) {
        return query.copy().and("maxResults", size).and("nextToken", token);
    }

    private Query query(@Nullable String usualState, boolean allIsKnown) {
        Query query = Query.none();
        ASKED.forEach((name, field) -> ask(query, name, field));
        if (allIsKnown) {
            ASKED_IF_KNOWN.forEach((name, field) -> ask(query, name, field));
        }
        List<String> states = filters.plain(STATE);
        if (usualState != null) {
            query.and("state", usualState);
        } else if (states != null && STATES.containsAll(states)) {
            query.andEach("state", states);
        }
        filters.wanted().forEach((name, values) -> {
            if (name.startsWith(TAG)) {
                List<String> plain = filters.plain(name);
                if (plain != null) {
                    query.andEach(name, plain);
                } else {
                    query.and("tagKey", name.substring(TAG.length()));
                }
            }
        });
        List<String> tagKeys = filters.plain("tag-key");
        if (tagKeys != null && tagKeys.size() == 1) {
            query.andEach("tagKey", tagKeys);
        }
        return query;
    }

    private void ask(Query query, String filter, String field) {
        List<String> values = filters.plain(filter);
        if (values != null && !values.contains("")) {
            query.andEach(field, values);
        }
    }

    private List<ObjectNode> passing(List<JsonNode> views) {
        if (views.isEmpty()) {
            return List.of();
        }
        List<ObjectNode> passing = new ArrayList<>(items.apply(views));
        passing.removeIf(item -> !filters.pass(item, shape, own));
        return passing;
    }
}
