package io.cumulet.endpoint.actions.parameters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.catalog.Image;
import io.cumulet.catalog.ImageParameters;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.Region;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parameter that anybody may read: the newest image of a family in a region.
 *
 * @param selector what was asked for behind the name, {@code :1}; null if nothing was
 */
record PublicParameter(
        Region region, String name, Image image, @Nullable String selector) {

    /** No history of public images is kept, so that each parameter is at its first version. */
    private static final int VERSION = 1;

    static List<PublicParameter> all(Region region) {
        return ImageParameters.of(region).entrySet().stream()
                .map(entry -> new PublicParameter(region, entry.getKey(), entry.getValue(), null))
                .toList();
    }

    /**
     * @param asked a name or ARN, with a version behind it or none
     * @throws AwsError {@code ParameterNotFound} or {@code ParameterVersionNotFound}
     */
    static PublicParameter find(Region region, String asked) {
        String start = arnStart(region);
        String named = asked.startsWith(start) ? asked.substring(start.length()) : asked;
        int colon = named.indexOf(':');
        String name = colon < 0 ? named : named.substring(0, colon);
        String selector = colon < 0 ? null : named.substring(colon);
        Image image = ImageParameters.of(region).get(name);
        if (image == null) {
            throw new AwsError("ParameterNotFound", 400, "Parameter " + asked + " not found.", true);
        }
        if (selector != null && !selector.equals(":" + VERSION)) {
            throw new AwsError(
                    "ParameterVersionNotFound",
                    400,
                    "Systems Manager could not find version " + selector.substring(1) + " of " + name + ".",
                    true);
        }
        return new PublicParameter(region, name, image, selector);
    }

    /** Public parameters are no account's. */
    private static String arnStart(Region region) {
        return "arn:aws:ssm:" + region + "::parameter";
    }

    ObjectNode view() {
        return Call.answer()
                .put("ARN", arnStart(region) + name)
                .put("DataType", "text")
                .put(
                        "LastModifiedDate",
                        image.asOf().atStartOfDay(ZoneOffset.UTC).toInstant().toString())
                .put("Name", name)
                .put("Selector", selector)
                .put("Type", ParameterActions.TYPE)
                .put("Value", image.imageId())
                .put("Version", VERSION);
    }
}
