package io.cumulet.endpoint.actions.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.endpoint.actions.TagSpecifications;
import io.cumulet.endpoint.actions.instances.OnTheWay;
import io.cumulet.endpoint.actions.tags.RestTags;
import io.cumulet.endpoint.actions.tags.TaggedKind;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.RestService;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.clock.StackClock;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;

/** Images: public ones, the account's own, and those that others share. */
@ApplicationScoped
public class ImageActions implements ActionSet {

    static final String PATH = "/v1/images";
    private static final String LIST = "images";
    private static final String TYPE = "image";

    private final StackClock clock;

    public ImageActions(StackClock clock) {
        this.clock = clock;
    }

    @Produces
    @Singleton
    static TaggedKind tags() {
        return new RestTags("ami", TYPE, Call::instances, PATH, LIST, "imageId");
    }

    @Override
    public void addTo(Actions actions) {
        actions.ec2("DescribeImages", this::describe);
        actions.ec2("CreateImage", ImageActions::create, "keeps no disk: an instance of it has its source's system");
        actions.ec2("CopyImage", ImageActions::copy, "keeps no disk");
        actions.ec2("RegisterImage", ImageActions::register, "Linux, without a disk");
        actions.ec2("DeregisterImage", ImageActions::deregister);
        actions.ec2("EnableImage", call -> change(call, Call.answer().put("disabled", false)));
        actions.ec2("DisableImage", call -> change(call, Call.answer().put("disabled", true)));
        actions.ec2(
                "EnableImageDeprecation",
                call -> change(call, Call.answer().put("deprecationTime", call.requiredText("DeprecateAt"))));
        actions.ec2(
                "DisableImageDeprecation", call -> change(call, Call.answer().put("deprecationTime", "never")));
    }

    static String path(Call call) {
        String id = call.requiredText("ImageId");
        mustBeId(id);
        return PATH + "/" + RestService.segment(id);
    }

    static void mustBeId(String id) {
        if (!ResourceKind.IMAGE.isId(id)) {
            throw AwsError.of("InvalidAMIID.Malformed", "Invalid id: \"" + id + "\" (expecting \"ami-...\")");
        }
    }

    private static ObjectNode change(Call call, ObjectNode body) {
        call.instances().patch(path(call), body);
        return call.done();
    }

    private static ObjectNode create(Call call) {
        refuseDisks(call);
        ObjectNode body = body(call);
        String instance = call.requiredText("InstanceId");
        body.put("instanceId", instance);
        body.put("noReboot", call.flag("NoReboot", false));
        return OnTheWay.awaited(call, List.of(instance), () -> made(call, body));
    }

    private static ObjectNode copy(Call call) {
        if (call.flag("Encrypted", false) || call.has("KmsKeyId") || call.has("DestinationOutpostArn")) {
            throw AwsError.unsupported("There are no disks to encrypt, and no Outposts");
        }
        String source = call.requiredText("SourceImageId");
        mustBeId(source);
        ObjectNode body = body(call);
        body.put("sourceImageId", source);
        body.put("sourceRegion", call.requiredText("SourceRegion"));
        body.put("clientToken", call.text("ClientToken"));
        if (call.flag("CopyImageTags", false)) {
            throw AwsError.unsupported("CopyImageTags is not supported: say the tags with TagSpecifications");
        }
        return made(call, body);
    }

    private static ObjectNode register(Call call) {
        refuseDisks(call);
        for (String member : List.of("ImageLocation", "KernelId", "RamdiskId", "UefiData", "BillingProducts")) {
            if (call.has(member)) {
                throw AwsError.unsupported("The parameter " + member + " is not supported: no disk is kept");
            }
        }
        String virtualization = call.text("VirtualizationType");
        if (virtualization != null && !virtualization.equals("hvm")) {
            throw AwsError.unsupported("The virtualization type '" + virtualization + "' is not supported, but hvm");
        }
        ObjectNode body = body(call);
        body.put("architecture", call.text("Architecture"));
        body.put("rootDeviceName", call.text("RootDeviceName"));
        return made(call, body);
    }

    /** There are no snapshots that a disk of an image could be made of. */
    private static void refuseDisks(Call call) {
        if (!call.get("BlockDeviceMappings").isEmpty()) {
            throw AwsError.unsupported("BlockDeviceMappings are not supported: there are no snapshots");
        }
        for (JsonNode specification : call.get("TagSpecifications")) {
            if (specification.path("ResourceType").asText().equals("snapshot")) {
                throw AwsError.unsupported("There are no snapshots that could be tagged");
            }
        }
    }

    private static ObjectNode body(Call call) {
        ObjectNode body = Call.answer();
        body.put("name", call.requiredText("Name"));
        body.put("description", call.text("Description"));
        body.set("tags", TagSpecifications.of(call, TYPE));
        return body;
    }

    private static ObjectNode made(Call call, ObjectNode body) {
        return Call.answer()
                .put(
                        "ImageId",
                        call.instances().post(PATH, body).path("imageId").asText());
    }

    private static ObjectNode deregister(Call call) {
        call.instances().delete(path(call));
        return call.done();
    }

    private ObjectNode describe(Call call) {
        List<String> ids = call.texts("ImageIds");
        ids.forEach(ImageActions::mustBeId);
        List<ObjectNode> images = call.instances().list(PATH, LIST).stream()
                .filter(view -> isOwnedAsAsked(call, view) && isLaunchedAsAsked(call, view))
                .filter(view -> !ids.isEmpty() || isListed(call, view))
                .map(ImageViews::of)
                .toList();
        return Listing.of(call, "Images", "ImageId")
                .ids("ImageIds", "InvalidAMIID.NotFound", "The image id '[%s]' does not exist")
                .severalNotFound("The image ids '[%s]' do not exist")
                .filter("is-public", Filters.at("Public"))
                .filter("owner-id", Filters.at("OwnerId"))
                .filter("owner-alias", Filters.at("ImageOwnerAlias"))
                .filter("manifest-location", Filters.at("ImageLocation"))
                .filter("state", Filters.at("State"))
                .filter("state-reason-code", Filters.at("StateReason.Code"))
                .filter("state-reason-message", Filters.at("StateReason.Message"))
                .filter("product-code", Filters.at("ProductCodes.ProductCodeId"))
                .filter("product-code.type", Filters.at("ProductCodes.ProductCodeType"))
                .filter("block-device-mapping.device-name", Filters.at("BlockDeviceMappings.DeviceName"))
                .filter("block-device-mapping.delete-on-termination", ofDisk("DeleteOnTermination"))
                .filter("block-device-mapping.snapshot-id", ofDisk("SnapshotId"))
                .filter("block-device-mapping.volume-size", ofDisk("VolumeSize"))
                .filter("block-device-mapping.volume-type", ofDisk("VolumeType"))
                .filter("block-device-mapping.encrypted", ofDisk("Encrypted"))
                .answer(images);
    }

    private static Filters.Values ofDisk(String member) {
        return Filters.at("BlockDeviceMappings.Ebs." + member);
    }

    private static boolean isOwnedAsAsked(Call call, JsonNode image) {
        List<String> owners = call.texts("Owners");
        return owners.isEmpty()
                || owners.contains(image.path("ownerId").asText())
                || image.hasNonNull("ownerAlias")
                        && owners.contains(image.path("ownerAlias").asText())
                || owners.contains("self") && isOwn(call, image);
    }

    private static boolean isOwn(Call call, JsonNode image) {
        return image.path("ownerId").asText().equals(call.account().value());
    }

    /** {@code all}: everybody may; {@code self}: the caller was let; an account: the caller lets it. */
    private static boolean isLaunchedAsAsked(Call call, JsonNode image) {
        List<String> users = call.texts("ExecutableUsers");
        boolean isPublic = image.path("isPublic").asBoolean();
        return users.isEmpty()
                || users.stream().anyMatch(user -> switch (user) {
                    case "all" -> isPublic;
                    case "self" ->
                        !isPublic && !isOwn(call, image)
                                || isLaunchedBy(call.account().value(), image);
                    default -> isLaunchedBy(user, image);
                });
    }

    private static boolean isLaunchedBy(String user, JsonNode image) {
        for (JsonNode account : image.path("launchAccounts")) {
            if (account.asText().equals(user)) {
                return true;
            }
        }
        return false;
    }

    /** Disabled images, and deprecated ones of others, are listed if they are asked for. */
    private boolean isListed(Call call, JsonNode image) {
        boolean isDeprecated = image.hasNonNull("deprecationTime")
                && !Instant.parse(image.path("deprecationTime").asText()).isAfter(clock.instant());
        return (call.flag("IncludeDisabled", false)
                        || !image.path("state").asText().equals("disabled"))
                && (!isDeprecated || call.flag("IncludeDeprecated", false) || isOwn(call, image));
    }
}
