package io.cumulet.endpoint.actions.parameters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.Region;

/**
 * An image that is named by a parameter of Systems Manager instead of its id, and looked up with each launch.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/finding-an-ami-parameter-store.html">Reference AMIs using
 *     Systems Manager parameters</a>
 */
public final class ImageAlias {

    private static final String START = "resolve:ssm:";
    private static final String IMAGE_ID = "ImageId";

    private ImageAlias() {}

    /**
     * What a launch says, with the id of its image.
     *
     * @param launch by the names of the model's members; the same comes back if it names no parameter
     * @throws AwsError {@code SsmInvalidParameter} if there is no such parameter
     */
    public static ObjectNode resolved(Region region, ObjectNode launch) {
        String named = launch.path(IMAGE_ID).asText();
        if (!named.startsWith(START)) {
            return launch;
        }
        ObjectNode resolved = launch.deepCopy();
        return resolved.put(IMAGE_ID, imageId(region, named.substring(START.length())));
    }

    private static String imageId(Region region, String parameter) {
        try {
            return PublicParameter.find(region, parameter).image().imageId();
        } catch (AwsError e) {
            throw AwsError.of("SsmInvalidParameter", e.getMessage());
        }
    }
}
