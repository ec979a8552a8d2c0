package io.cumulet.endpoint.actions.instances;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Names;
import io.cumulet.endpoint.actions.Zones;
import io.cumulet.endpoint.actions.securitygroups.GroupNames;
import io.cumulet.endpoint.model.Shape;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** Instances as EC2 shows them. */
final class InstanceShapes {

    static final Shape INSTANCE = Api.EC2.model().shape("Instance");

    private static final Shape INTERFACE = Api.EC2.model().shape("InstanceNetworkInterface");

    /** EC2's numbers of the states. */
    private static final Map<String, Integer> STATES = Map.of(
            "pending", 0,
            "running", 16,
            "shutting-down", 32,
            "terminated", 48,
            "stopping", 64,
            "stopped", 80);

    private static final DateTimeFormatter GMT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** How EC2 writes who asked for it: the code of the reason begins so. */
    private static final String BY_USER = "Client.UserInitiated";

    /** Whose public addresses are that instances have for as long as they run. */
    private static final String AMAZON = "amazon";

    private InstanceShapes() {}

    static ObjectNode state(String name) {
        return Call.answer().put("Code", STATES.get(name)).put("Name", name);
    }

    /** No service of AWS's manages what an account has here. */
    static ObjectNode operator() {
        return Call.answer().put("Managed", false);
    }

    static ObjectNode instance(JsonNode view, GroupNames groups) {
        ObjectNode instance = Names.toAws(view, INSTANCE);
        if (instance.path("Tags").isEmpty()) {
            instance.remove("Tags");
        }
        instance.put("AmiLaunchIndex", view.path("launchIndex").asInt());
        instance.set("State", state(view.path("state").asText()));
        instance.put("StateTransitionReason", transitionReason(view));
        instance.set("SecurityGroups", groups.list(view.path("securityGroupIds")));
        Zones.put(instance.putObject("Placement"), view.path("availabilityZone").asText())
                .put("GroupName", "")
                .put("Tenancy", view.path("tenancy").asText());
        for (String name : new String[] {"PrivateDnsName", "PublicDnsName"}) {
            if (!instance.has(name)) {
                instance.put(name, "");
            }
        }
        // Nitro, too, is "xen" here; only types tell them apart.
        instance.put("Hypervisor", "xen").put("VirtualizationType", "hvm");
        instance.putArray("ProductCodes");
        instance.putArray("BlockDeviceMappings");
        instance.putObject("CapacityReservationSpecification").put("CapacityReservationPreference", "open");
        instance.set("Operator", operator());
        putSystem(instance, view);
        JsonNode market = view.path("market");
        if (market.path("type").asText().equals("spot")) {
            instance.put("InstanceLifecycle", "spot")
                    .put("SpotInstanceRequestId", market.path("spotRequestId").asText());
        } else if (view.hasNonNull("scheduledInstanceId")) {
            instance.put("InstanceLifecycle", "scheduled");
        }
        ArrayNode interfaces = instance.putArray("NetworkInterfaces");
        view.path("networkInterfaces").forEach(one -> interfaces.add(networkInterface(one, view, groups)));
        JsonNode ipv6 = view.path("ipv6Addresses");
        if (!ipv6.isEmpty()) {
            instance.put("Ipv6Address", ipv6.get(0).asText());
        }
        return instance;
    }

    /**
     * What is said by its operating system.
     *
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-info-fields.html">AMI billing information</a>
     */
    private static void putSystem(ObjectNode instance, JsonNode view) {
        String os = view.path("os").asText();
        String details = switch (os) {
            case "windows" -> "Windows";
            case "rhel" -> "Red Hat Enterprise Linux";
            case "suse" -> "SUSE Linux";
            default -> "Linux/UNIX";
        };
        String operation = switch (os) {
            case "windows" -> "RunInstances:0002";
            case "rhel" -> "RunInstances:0010";
            case "suse" -> "RunInstances:000g";
            default -> "RunInstances";
        };
        if (os.equals("windows")) {
            instance.put("Platform", "windows");
        }
        instance.put("PlatformDetails", details)
                .put("UsageOperation", operation)
                .set("UsageOperationUpdateTime", view.path("launchTime"));
    }

    /** Such as {@code User initiated (2026-12-01 08:00:00 GMT)}; empty while nothing was asked for but to run. */
    private static String transitionReason(JsonNode view) {
        JsonNode reason = view.path("stateReason");
        if (reason.isMissingNode()) {
            return "";
        }
        String code = reason.path("code").asText();
        if (!code.startsWith(BY_USER)) {
            return code;
        }
        return "User initiated ("
                + GMT.format(Instant.parse(view.path("stateEnteredAt").asText())) + ")";
    }

    /** Whose a public address is. */
    private static String ipOwner(JsonNode address, JsonNode instance) {
        return address.path("elastic").asBoolean() ? instance.path("account").asText() : AMAZON;
    }

    private static ObjectNode networkInterface(JsonNode one, JsonNode instance, GroupNames groups) {
        ObjectNode aws = Names.toAws(one, INTERFACE);
        aws.put("OwnerId", instance.path("account").asText())
                .put("Status", "in-use")
                .put("InterfaceType", "interface")
                .set("Operator", operator());
        aws.set("Groups", groups.list(one.path("securityGroupIds")));
        ArrayNode ipv6 = aws.putArray("Ipv6Addresses");
        one.path("ipv6Addresses")
                .forEach(address ->
                        ipv6.addObject().put("Ipv6Address", address.asText()).put("IsPrimaryIpv6", false));
        ObjectNode attachment = aws.putObject("Attachment");
        attachment
                .put("AttachmentId", one.path("attachmentId").asText())
                .put("DeleteOnTermination", one.path("deleteOnTermination").asBoolean())
                .put("DeviceIndex", one.path("deviceIndex").asInt())
                .put("NetworkCardIndex", 0)
                .put("Status", "attached")
                .set("AttachTime", one.path("attachTime"));
        ArrayNode addresses = aws.putArray("PrivateIpAddresses");
        for (JsonNode address : one.path("privateIpAddresses")) {
            ObjectNode each = addresses
                    .addObject()
                    .put("PrivateIpAddress", address.path("privateIpAddress").asText())
                    .put("Primary", address.path("primary").asBoolean());
            boolean isInstances = address.path("privateIpAddress")
                    .asText()
                    .equals(instance.path("privateIpAddress").asText());
            if (isInstances) {
                each.set("PrivateDnsName", instance.path("privateDnsName"));
                aws.set("PrivateDnsName", instance.path("privateDnsName"));
            }
            if (address.hasNonNull("publicIpAddress")) {
                ObjectNode association = each.putObject("Association");
                association
                        .put("PublicIp", address.path("publicIpAddress").asText())
                        .put("PublicDnsName", address.path("publicDnsName").asText())
                        .put("IpOwnerId", ipOwner(address, instance));
                if (address.path("primary").asBoolean()) {
                    aws.set("Association", association.deepCopy());
                }
            }
        }
        return aws;
    }
}
