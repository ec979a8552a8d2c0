package io.cumulet.endpoint.actions.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.AccountId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/** Who may launch an image, and what else can be said of it one by one. */
@ApplicationScoped
public class ImageAttributeActions implements ActionSet {

    private static final String LAUNCH_PERMISSION = "launchPermission";
    private static final String DESCRIPTION = "description";
    private static final String ALL = "all";

    @Override
    public void addTo(Actions actions) {
        actions.ec2("DescribeImageAttribute", ImageAttributeActions::describe);
        actions.ec2("ModifyImageAttribute", ImageAttributeActions::modify);
        actions.ec2("ResetImageAttribute", ImageAttributeActions::reset);
    }

    private static ObjectNode describe(Call call) {
        JsonNode image = own(call);
        ObjectNode answer = Call.answer().put("ImageId", image.path("imageId").asText());
        switch (call.requiredText("Attribute")) {
            case LAUNCH_PERMISSION -> {
                ArrayNode permissions = answer.putArray("LaunchPermissions");
                if (image.path("isPublic").asBoolean()) {
                    permissions.addObject().put("Group", ALL);
                }
                image.path("launchAccounts")
                        .forEach(account -> permissions.addObject().put("UserId", account.asText()));
            }
            case DESCRIPTION -> {
                ObjectNode description = answer.putObject("Description");
                if (image.hasNonNull(DESCRIPTION)) {
                    description.put("Value", image.path(DESCRIPTION).asText());
                }
            }
            case "blockDeviceMapping" ->
                answer.set("BlockDeviceMappings", ImageViews.of(image).path("BlockDeviceMappings"));
            case "productCodes" -> answer.putArray("ProductCodes");
            case "kernel" -> answer.putObject("KernelId");
            case "ramdisk" -> answer.putObject("RamdiskId");
            default ->
                throw AwsError.unsupported(
                        "The attribute '" + call.requiredText("Attribute") + "' of an image is not supported");
        }
        return answer;
    }

    /** Attributes are the owner's to see. */
    private static JsonNode own(Call call) {
        JsonNode image = call.instances().get(ImageActions.path(call));
        if (!image.path("ownerId").asText().equals(call.account().value())) {
            throw new AwsError(
                    "AuthFailure",
                    403,
                    "Not authorized for image:" + image.path("imageId").asText());
        }
        return image;
    }

    private static ObjectNode modify(Call call) {
        if (call.has("ImdsSupport") || call.has("ProductCodes")) {
            throw AwsError.unsupported("Of an image its description and its launch permission can be modified");
        }
        Permissions permissions = new Permissions();
        if (call.has("OrganizationArns") || call.has("OrganizationalUnitArns")) {
            throw permissions.ofOrganizations();
        }
        permissions.add(call.get("LaunchPermission").path("Add"), true);
        permissions.add(call.get("LaunchPermission").path("Remove"), false);
        String operation = call.text("OperationType");
        if (operation != null) {
            boolean adds = operation.equals("add");
            call.texts("UserIds").forEach(user -> permissions.addUser(user, adds));
            call.texts("UserGroups").forEach(group -> permissions.addGroup(group, adds));
        } else if (call.has("UserIds") || call.has("UserGroups")) {
            throw AwsError.missing("operationType");
        }
        ObjectNode body = permissions.body;
        if (call.has("Description")) {
            body.put(DESCRIPTION, call.get("Description").path("Value").asText());
        } else if (DESCRIPTION.equals(call.text("Attribute"))) {
            body.put(DESCRIPTION, call.requiredText("Value"));
        }
        permissions.putUsers();
        if (body.isEmpty()) {
            throw AwsError.of("InvalidParameterCombination", "No attributes specified.");
        }
        call.instances().patch(ImageActions.path(call), body);
        return call.done();
    }

    private static ObjectNode reset(Call call) {
        if (!call.requiredText("Attribute").equals(LAUNCH_PERMISSION)) {
            throw AwsError.of("InvalidParameterValue", "Only launchPermission can be reset");
        }
        ObjectNode body = Call.answer().put("isPublic", false);
        body.set("removeLaunchAccounts", own(call).path("launchAccounts"));
        call.instances().patch(ImageActions.path(call), body);
        return call.done();
    }

    /** Launch permissions as REST takes them. */
    private static final class Permissions {
        final ObjectNode body = Call.answer();
        private final List<String> added = new ArrayList<>();
        private final List<String> removed = new ArrayList<>();

        void add(JsonNode permissions, boolean adds) {
            for (JsonNode permission : permissions) {
                if (permission.hasNonNull("UserId")) {
                    addUser(permission.get("UserId").asText(), adds);
                } else if (permission.hasNonNull("Group")) {
                    addGroup(permission.get("Group").asText(), adds);
                } else {
                    throw ofOrganizations();
                }
            }
        }

        void addUser(String user, boolean adds) {
            if (!AccountId.isValid(user)) {
                throw AwsError.of(
                        "InvalidAMIAttributeItemValue",
                        "Invalid attribute item value \"" + user + "\" for userId item type.");
            }
            (adds ? added : removed).add(user);
        }

        void addGroup(String group, boolean adds) {
            if (!group.equals(ALL)) {
                throw AwsError.of(
                        "InvalidAMIAttributeItemValue",
                        "Invalid attribute item value \"" + group + "\" for userGroup item type.");
            }
            body.put("isPublic", adds);
        }

        void putUsers() {
            if (!added.isEmpty()) {
                added.forEach(body.withArray("/addLaunchAccounts")::add);
            }
            if (!removed.isEmpty()) {
                removed.forEach(body.withArray("/removeLaunchAccounts")::add);
            }
        }

        AwsError ofOrganizations() {
            return AwsError.unsupported("An image is shared with accounts or everybody, not with organizations");
        }
    }
}
