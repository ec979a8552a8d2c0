package io.cumulet.endpoint.actions.templates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.endpoint.actions.Names;
import io.cumulet.endpoint.actions.TagSpecifications;
import io.cumulet.endpoint.actions.parameters.ImageAlias;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.RestService;
import io.cumulet.endpoint.templates.LaunchTemplate;
import io.cumulet.endpoint.templates.LaunchTemplates;
import io.cumulet.endpoint.templates.TemplateName;
import io.cumulet.endpoint.templates.TemplateVersion;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Launch templates; they are kept here, not by a service. */
@ApplicationScoped
public class TemplateActions implements ActionSet {

    private static final String VERSIONS = "LaunchTemplateVersions";
    private static final int MOST_DELETED = 200;

    private final LaunchTemplates templates;

    public TemplateActions(LaunchTemplates templates) {
        this.templates = templates;
    }

    @Override
    public void addTo(Actions actions) {
        actions.ec2("CreateLaunchTemplate", this::create);
        actions.ec2("CreateLaunchTemplateVersion", this::createVersion);
        actions.ec2("DescribeLaunchTemplates", this::describe);
        actions.ec2("DescribeLaunchTemplateVersions", this::describeVersions);
        actions.ec2("ModifyLaunchTemplate", this::modify);
        actions.ec2("DeleteLaunchTemplate", this::delete);
        actions.ec2("DeleteLaunchTemplateVersions", this::deleteVersions);
        actions.ec2("GetLaunchTemplateData", TemplateActions::dataOfInstance);
    }

    private ObjectNode create(Call call) {
        JsonNode tags = TagSpecifications.of(call, "launch-template");
        return one(templates.create(
                call,
                call.requiredText("LaunchTemplateName"),
                call.text("VersionDescription"),
                data(call),
                tags == null ? Map.of() : asMap(tags)));
    }

    private ObjectNode createVersion(Call call) {
        TemplateVersion made = templates.addVersion(
                call,
                TemplateName.of(call.input()),
                call.text("SourceVersion"),
                call.text("VersionDescription"),
                data(call));
        ObjectNode answer = Call.answer();
        answer.set("LaunchTemplateVersion", version(call, made));
        return answer;
    }

    private static ObjectNode data(Call call) {
        if (!(call.get("LaunchTemplateData") instanceof ObjectNode data) || data.isEmpty()) {
            throw AwsError.missing("launchTemplateData");
        }
        if (data.has("InstanceType") && data.has("InstanceRequirements")) {
            throw AwsError.combination("A launch template has an InstanceType or InstanceRequirements, not both");
        }
        // An image that isn't there shows when it is launched, a parameter that isn't there at once.
        ImageAlias.resolved(call.region(), data);
        return data;
    }

    private ObjectNode describe(Call call) {
        List<ObjectNode> all = templates.list(call.account(), call.region()).stream()
                .map(TemplateActions::template)
                .toList();
        List<String> names = call.texts("LaunchTemplateNames");
        for (String name : names) {
            if (all.stream()
                    .noneMatch(template ->
                            template.path("LaunchTemplateName").asText().equals(name))) {
                throw AwsError.of(
                        "InvalidLaunchTemplateName.NotFoundException",
                        "At least one of the launch templates specified in the request does not exist.");
            }
        }
        Listing listing = Listing.of(call, "LaunchTemplates", "LaunchTemplateId")
                .ids(
                        "LaunchTemplateIds",
                        "InvalidLaunchTemplateId.NotFound",
                        "The specified launch template, with template ID %s, does not exist.");
        return names.isEmpty() ? listing.answer(all) : listing.inTheirOrder().answer(named(all, names));
    }

    /** In the order of the names. */
    private static List<ObjectNode> named(List<ObjectNode> all, List<String> names) {
        return names.stream()
                .distinct()
                .flatMap(name -> all.stream()
                        .filter(template ->
                                template.path("LaunchTemplateName").asText().equals(name)))
                .toList();
    }

    private ObjectNode describeVersions(Call call) {
        long min = bound(call, "MinVersion", 1);
        long max = bound(call, "MaxVersion", Long.MAX_VALUE);
        List<ObjectNode> found = found(call).stream()
                .filter(version -> version.number() >= min && version.number() <= max)
                .map(version -> version(call, version))
                .toList();
        return Listing.of(call, VERSIONS, TemplateActions::newestFirst)
                .filter("is-default-version", Filters.at("DefaultVersion"))
                .filter("image-id", ofData("ImageId"))
                .filter("instance-type", ofData("InstanceType"))
                .filter("ebs-optimized", ofData("EbsOptimized"))
                .filter("kernel-id", ofData("KernelId"))
                .filter("ram-disk-id", ofData("RamDiskId"))
                .filter("http-endpoint", ofData("MetadataOptions.HttpEndpoint"))
                .filter("http-tokens", ofData("MetadataOptions.HttpTokens"))
                .filter("http-protocol-ipv4", ofData("MetadataOptions.HttpEndpoint"))
                .filter("host-resource-group-arn", ofData("Placement.HostResourceGroupArn"))
                .filter("iam-instance-profile", ofData("IamInstanceProfile.Arn"))
                .filter("license-configuration-arn", ofData("LicenseSpecifications.LicenseConfigurationArn"))
                .filter("network-card-index", ofData("NetworkInterfaces.NetworkCardIndex"))
                .answer(found);
    }

    private List<TemplateVersion> found(Call call) {
        List<String> versions = call.texts("Versions");
        if (!call.has("LaunchTemplateId") && !call.has("LaunchTemplateName")) {
            if (versions.isEmpty()) {
                throw AwsError.of("MissingParameter", LaunchTemplates.WHICH_VERSIONS);
            }
            return templates.versionsOfAll(call.account(), call.region(), versions);
        }
        TemplateName named = TemplateName.of(call.input());
        if (!versions.isEmpty() && (call.has("MinVersion") || call.has("MaxVersion"))) {
            throw AwsError.combination("Versions are named, or bounded by MinVersion and MaxVersion");
        }
        return versions.isEmpty()
                ? templates.versions(call.account(), call.region(), named)
                : templates.versions(call.account(), call.region(), named, versions);
    }

    private static long bound(Call call, String member, long usual) {
        String text = call.text(member);
        if (text == null) {
            return usual;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw AwsError.invalidValue(member, text, "It has to be a version's number");
        }
    }

    private static String newestFirst(JsonNode version) {
        return version.path("LaunchTemplateId").asText() + " "
                + String.format(
                        "%019d", Long.MAX_VALUE - version.path("VersionNumber").asLong());
    }

    private static Filters.Values ofData(String path) {
        return Filters.at("LaunchTemplateData." + path);
    }

    private ObjectNode modify(Call call) {
        if (call.has("LaunchTemplateId") && call.has("LaunchTemplateName")) {
            throw AwsError.combination(
                    "Either provide launch template ID or launch template name to modify the template.");
        }
        return one(templates.setDefault(call, TemplateName.of(call.input()), call.requiredText("DefaultVersion")));
    }

    private ObjectNode delete(Call call) {
        return one(templates.delete(call, TemplateName.of(call.input())));
    }

    private ObjectNode deleteVersions(Call call) {
        List<String> versions = call.texts("Versions");
        if (versions.isEmpty()) {
            throw AwsError.missing("launchTemplateVersion");
        }
        if (versions.size() > MOST_DELETED) {
            throw AwsError.of("InvalidParameterValue", "At most " + MOST_DELETED + " versions in one request");
        }
        ObjectNode answer = Call.answer();
        answer.putArray("SuccessfullyDeletedLaunchTemplateVersions");
        answer.putArray("UnsuccessfullyDeletedLaunchTemplateVersions");
        for (LaunchTemplates.Deletion deletion :
                templates.deleteVersions(call, TemplateName.of(call.input()), versions)) {
            String code = deletion.code();
            ObjectNode said = answer.withArray(
                            code == null
                                    ? "/SuccessfullyDeletedLaunchTemplateVersions"
                                    : "/UnsuccessfullyDeletedLaunchTemplateVersions")
                    .addObject()
                    .put("LaunchTemplateId", deletion.template().id())
                    .put("LaunchTemplateName", deletion.template().name())
                    .put("VersionNumber", Long.parseLong(deletion.version()));
            if (code != null) {
                said.putObject("ResponseError").put("Code", code).put("Message", deletion.message());
            }
        }
        return answer;
    }

    /** What of an instance a template can say: no more than the instance service tells. */
    private static ObjectNode dataOfInstance(Call call) {
        JsonNode instance = call.instances().get("/v1/instances/" + segment(call.requiredText("InstanceId")));
        JsonNode userData = call.instances()
                .get("/v1/instances/" + segment(call.requiredText("InstanceId")) + "/attributes/user-data")
                .path("userData");
        ObjectNode answer = Call.answer();
        ObjectNode data = answer.putObject("LaunchTemplateData");
        for (String name : List.of("ImageId", "InstanceType", "KeyName")) {
            put(data, name, instance.path(Call.lowerCamel(name)).asText(null));
        }
        put(data, "UserData", userData.asText(null));
        data.putObject("Placement")
                .put("AvailabilityZone", instance.path("availabilityZone").asText())
                .put("Tenancy", "default");
        data.put("DisableApiTermination", instance.path("disableApiTermination").asBoolean());
        ObjectNode first = data.putArray("NetworkInterfaces").addObject();
        first.put("DeviceIndex", 0)
                .put("DeleteOnTermination", true)
                .put("SubnetId", instance.path("subnetId").asText());
        instance.path("securityGroupIds").forEach(first.withArray("/Groups")::add);
        // Tags of AWS nobody can set.
        ObjectNode tags = Call.answer();
        instance.path("tags").properties().stream()
                .filter(tag -> !tag.getKey().startsWith("aws:"))
                .forEach(tag -> tags.set(tag.getKey(), tag.getValue()));
        if (!tags.isEmpty()) {
            data.putArray("TagSpecifications")
                    .addObject()
                    .put("ResourceType", "instance")
                    .set("Tags", Names.tagList(tags));
        }
        return answer;
    }

    private static String segment(String id) {
        return RestService.segment(id);
    }

    private static void put(ObjectNode node, String name, @Nullable String value) {
        if (value != null) {
            node.put(name, value);
        }
    }

    private static ObjectNode one(LaunchTemplate template) {
        ObjectNode answer = Call.answer();
        answer.set("LaunchTemplate", template(template));
        return answer;
    }

    private static ObjectNode template(LaunchTemplate template) {
        ObjectNode node = Call.answer()
                .put("LaunchTemplateId", template.id())
                .put("LaunchTemplateName", template.name())
                .put("CreateTime", template.createdAt().toString())
                .put("CreatedBy", template.createdBy())
                .put("DefaultVersionNumber", template.defaultVersion())
                .put("LatestVersionNumber", template.latestVersion());
        node.putObject("Operator").put("Managed", false);
        node.set("Tags", Names.tagList(tags(template)));
        return node;
    }

    static ObjectNode tags(LaunchTemplate template) {
        ObjectNode tags = Call.answer();
        template.tags().forEach(tags::put);
        return tags;
    }

    private static ObjectNode version(Call call, TemplateVersion version) {
        ObjectNode node = Call.answer()
                .put("LaunchTemplateId", version.template().id())
                .put("LaunchTemplateName", version.template().name())
                .put("VersionNumber", version.number());
        put(node, "VersionDescription", version.description());
        node.put("CreateTime", version.createdAt().toString())
                .put("CreatedBy", version.createdBy())
                .put("DefaultVersion", version.isDefault())
                .set(
                        "LaunchTemplateData",
                        call.flag("ResolveAlias", false)
                                ? ImageAlias.resolved(call.region(), version.data())
                                : version.data());
        return node;
    }

    private static Map<String, String> asMap(JsonNode tags) {
        Map<String, String> map = new HashMap<>();
        tags.properties().forEach(tag -> map.put(tag.getKey(), tag.getValue().asText()));
        return map;
    }
}
