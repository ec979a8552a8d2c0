package io.cumulet.spotmarket.api;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.spotmarket.app.RequestSearch.Field;
import io.cumulet.spotmarket.app.RequestSearch.Filter;
import io.cumulet.spotmarket.domain.requests.RequestState;
import io.cumulet.spotmarket.domain.requests.StatusCode;
import io.cumulet.spotmarket.domain.requests.Terms;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Query parameters as a filter of spot requests. A value that can't be is refused rather than finding nothing. */
final class SpotRequestFilters {

    private static final String TAG = "tag:";

    private static final Map<String, Field> FIELDS = Map.of(
            "spotRequestId", Field.REQUEST_ID,
            "instanceId", Field.INSTANCE_ID,
            "state", Field.STATE,
            "statusCode", Field.STATUS,
            "type", Field.KIND,
            "launchGroup", Field.LAUNCH_GROUP,
            "availabilityZoneGroup", Field.ZONE_GROUP,
            "fleetId", Field.FLEET_ID,
            "instanceType", Field.INSTANCE_TYPE,
            "availabilityZone", Field.ZONE);

    private SpotRequestFilters() {}

    static Filter of(MultivaluedMap<String, String> query) {
        Map<Field, List<String>> fields = new EnumMap<>(Field.class);
        Map<String, List<String>> tags = new HashMap<>();
        query.forEach((name, values) -> {
            Field field = FIELDS.get(name);
            if (field != null) {
                fields.put(field, kept(name, field, values));
            } else if (name.startsWith(TAG)) {
                tags.put(name.substring(TAG.length()), List.copyOf(values));
            }
        });
        return new Filter(fields, tags);
    }

    /** The values as the store has them. */
    private static List<String> kept(String name, Field field, List<String> values) {
        return switch (field) {
            case STATE -> names(name, values, RequestState.values(), RequestState::code);
            case STATUS -> names(name, values, StatusCode.values(), StatusCode::code);
            case KIND -> names(name, values, Terms.Kind.values(), Terms.Kind::code);
            case REQUEST_ID, INSTANCE_ID, LAUNCH_GROUP, ZONE_GROUP, FLEET_ID, INSTANCE_TYPE, ZONE -> {
                if (values.contains("")) {
                    throw refuse(name, "There is no " + name + " ''");
                }
                yield List.copyOf(values);
            }
        };
    }

    private static <E extends Enum<E>> List<String> names(
            String name, List<String> codes, E[] all, Function<E, String> code) {
        return codes.stream()
                .map(wanted -> Arrays.stream(all)
                        .filter(one -> code.apply(one).equals(wanted))
                        .findFirst()
                        .orElseThrow(() -> refuse(
                                name,
                                "It is one of " + Arrays.stream(all).map(code).toList() + ", not " + wanted))
                        .name())
                .toList();
    }

    private static RuntimeException refuse(String field, String message) {
        return Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, field, message).asException();
    }
}
