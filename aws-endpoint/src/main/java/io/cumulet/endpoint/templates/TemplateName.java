package io.cumulet.endpoint.templates;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.ResourceKind;

/** Which launch template is meant: by id or by name. */
public record TemplateName(boolean isId, String text) {

    private static final String ID = "LaunchTemplateId";
    private static final String NAME = "LaunchTemplateName";

    static TemplateName ofId(String id) {
        return new TemplateName(true, id);
    }

    /** What a structure with {@code LaunchTemplateId} or {@code LaunchTemplateName} names: exactly one of them. */
    public static TemplateName of(JsonNode specification) {
        String id = specification.path(ID).asText("");
        String name = specification.path(NAME).asText("");
        if (id.isEmpty() && name.isEmpty()) {
            throw AwsError.missing("launch template ID or launch template name");
        }
        if (!id.isEmpty() && !name.isEmpty()) {
            throw AwsError.combination("Either provide launch template ID or launch template name, not both.");
        }
        if (!id.isEmpty() && !ResourceKind.LAUNCH_TEMPLATE.isId(id)) {
            throw AwsError.of("InvalidLaunchTemplateId.Malformed", "Invalid id: \"" + id + "\" (expecting \"lt-...\")");
        }
        return new TemplateName(!id.isEmpty(), id.isEmpty() ? name : id);
    }

    AwsError notFound() {
        return isId
                ? new AwsError(
                        "InvalidLaunchTemplateId.NotFound",
                        400,
                        "The specified launch template, with template ID " + text + ", does not exist.",
                        true)
                : new AwsError(
                        "InvalidLaunchTemplateName.NotFoundException",
                        400,
                        "The specified launch template, with template name " + text + ", does not exist.",
                        true);
    }
}
