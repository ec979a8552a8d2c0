package io.cumulet.endpoint.templates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.protocol.AwsError;

/**
 * How the parameters of a template meet others. What is said again wins; of structures each part for itself, lists as a whole.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-launch-templates.html">Launch templates</a>
 */
final class TemplateData {

    private static final String GROUP_IDS = "SecurityGroupIds";
    private static final String GROUP_NAMES = "SecurityGroups";

    private TemplateData() {}

    /** The same as {@code base}, but for what {@code over} says. Changes neither. */
    static ObjectNode merged(ObjectNode base, ObjectNode over) {
        ObjectNode merged = base.deepCopy();
        // Groups are one parameter in two spellings: ids don't join the names that they are said instead of.
        if (over.has(GROUP_IDS) || over.has(GROUP_NAMES)) {
            merged.remove(GROUP_IDS);
            merged.remove(GROUP_NAMES);
        }
        put(merged, over);
        return merged;
    }

    private static void put(ObjectNode merged, ObjectNode over) {
        over.properties().forEach(entry -> {
            JsonNode before = merged.path(entry.getKey());
            if (before instanceof ObjectNode inner && entry.getValue() instanceof ObjectNode said) {
                put(inner, said);
            } else {
                merged.set(entry.getKey(), entry.getValue().deepCopy());
            }
        });
    }

    /**
     * A template's parameters as those of {@code RunInstances}: the same names but for two.
     *
     * @throws AwsError {@code UnsupportedOperation} if it describes types instead of naming one: fleets alone choose
     */
    static ObjectNode asLaunch(ObjectNode data) {
        if (data.has("InstanceRequirements")) {
            throw AwsError.unsupported(
                    "A launch template with InstanceRequirements launches by fleets only; RunInstances needs an InstanceType");
        }
        ObjectNode launch = data.deepCopy();
        rename(launch, "RamDiskId", "RamdiskId");
        rename(launch, "ElasticGpuSpecifications", "ElasticGpuSpecification");
        return launch;
    }

    private static void rename(ObjectNode node, String from, String to) {
        JsonNode value = node.remove(from);
        if (value != null) {
            node.set(to, value);
        }
    }
}
