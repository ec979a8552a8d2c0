package io.cumulet.instances.api;

import io.cumulet.catalog.InstanceTypes;
import io.cumulet.catalog.Regions;
import io.cumulet.instances.app.InstanceReads.Field;
import io.cumulet.instances.app.InstanceReads.InstanceFilter;
import io.cumulet.instances.domain.lifecycle.InstanceState;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Query parameters as a filter. A value that can't be is refused rather than finding nothing. */
final class Filters {

    private static final String TAG = "tag:";

    private static final Map<String, Field> FIELDS = Map.ofEntries(
            Map.entry("instanceId", Field.INSTANCE_ID),
            Map.entry("state", Field.STATE),
            Map.entry("instanceType", Field.INSTANCE_TYPE),
            Map.entry("availabilityZone", Field.AVAILABILITY_ZONE),
            Map.entry("imageId", Field.IMAGE_ID),
            Map.entry("os", Field.OS),
            Map.entry("reservationId", Field.RESERVATION_ID),
            Map.entry("subnetId", Field.SUBNET_ID),
            Map.entry("vpcId", Field.VPC_ID),
            Map.entry("privateIpAddress", Field.PRIVATE_IP_ADDRESS),
            Map.entry("keyName", Field.KEY_NAME),
            Map.entry("spotRequestId", Field.SPOT_REQUEST_ID),
            Map.entry("market", Field.MARKET),
            Map.entry("securityGroupId", Field.SECURITY_GROUP_ID));

    private Filters() {}

    static InstanceFilter instances(MultivaluedMap<String, String> query, AccountId account, Region region) {
        Map<Field, List<String>> fields = new EnumMap<>(Field.class);
        Map<String, List<String>> tags = new HashMap<>();
        List<String> tagKeys = new ArrayList<>();
        query.forEach((name, values) -> {
            Field field = FIELDS.get(name);
            if (field != null) {
                fields.put(field, checked(name, field, values, region));
            } else if (name.startsWith(TAG)) {
                tags.put(name.substring(TAG.length()), List.copyOf(values));
            } else if (name.equals("tagKey")) {
                tagKeys.addAll(values);
            }
        });
        return new InstanceFilter(account, region, fields, tags, tagKeys);
    }

    private static List<String> checked(String name, Field field, List<String> values, Region region) {
        for (String value : values) {
            boolean possible = switch (field) {
                case STATE -> InstanceState.ofCode(value).isPresent();
                case MARKET -> Market.ofCode(value).isPresent();
                case OS -> OperatingSystem.ofCode(value).isPresent();
                case INSTANCE_TYPE -> InstanceTypes.find(value).isPresent();
                case IMAGE_ID -> ResourceKind.IMAGE.isId(value);
                case AVAILABILITY_ZONE -> isZone(value, region);
                case INSTANCE_ID,
                        RESERVATION_ID,
                        SUBNET_ID,
                        VPC_ID,
                        PRIVATE_IP_ADDRESS,
                        KEY_NAME,
                        SPOT_REQUEST_ID,
                        SECURITY_GROUP_ID -> !value.isEmpty();
            };
            if (!possible) {
                throw Refusal.of(code(field), name, "There is no " + name + " '" + value + "'")
                        .asException();
            }
        }
        return List.copyOf(values);
    }

    private static ErrorCode code(Field field) {
        return switch (field) {
            case INSTANCE_TYPE -> ErrorCode.INVALID_INSTANCE_TYPE;
            case IMAGE_ID -> ErrorCode.INVALID_AMI_ID_NOT_FOUND;
            case AVAILABILITY_ZONE -> ErrorCode.INVALID_AVAILABILITY_ZONE;
            default -> ErrorCode.INVALID_PARAMETER_VALUE;
        };
    }

    /** Whether a zone of this name is in the region. */
    static boolean isZone(String name, Region region) {
        return AvailabilityZone.isValid(name)
                && new AvailabilityZone(name).region().equals(region)
                && Regions.exists(new AvailabilityZone(name));
    }
}
