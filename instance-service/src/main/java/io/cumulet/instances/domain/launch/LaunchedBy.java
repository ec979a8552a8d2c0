package io.cumulet.instances.domain.launch;

import io.cumulet.instances.domain.lifecycle.Lifecycle;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.ResourceKind;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What made an account's launch what it is. Instances tell it by tags that nobody else may set, as in EC2.
 *
 * @param launchTemplateVersion its number
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/launch-instances-from-launch-template.html">Launch an
 *     instance from a launch template: tags</a>
 */
public record LaunchedBy(
        @Nullable String fleetId,
        @Nullable String launchTemplateId,
        @Nullable Long launchTemplateVersion) {

    private static final String FIELD = "launchedBy";
    private static final String TEMPLATE_TAG = "aws:ec2launchtemplate:id";
    private static final String VERSION_TAG = "aws:ec2launchtemplate:version";

    Map<String, String> tags() throws LaunchChecks.Stop {
        Map<String, String> tags = new HashMap<>();
        if (fleetId != null) {
            if (!ResourceKind.SPOT_FLEET.isId(fleetId) && !ResourceKind.SPOT_FLEET_REQUEST.isId(fleetId)) {
                throw invalid("fleetId", "'" + fleetId + "' is no fleet's id");
            }
            tags.put(Lifecycle.FLEET_TAG, fleetId);
        }
        if ((launchTemplateId == null) != (launchTemplateVersion == null)) {
            throw invalid("launchTemplateVersion", "A launch template is named with its version");
        }
        if (launchTemplateId != null) {
            if (!ResourceKind.LAUNCH_TEMPLATE.isId(launchTemplateId)) {
                throw invalid("launchTemplateId", "'" + launchTemplateId + "' is no launch template's id");
            }
            tags.put(TEMPLATE_TAG, launchTemplateId);
            tags.put(VERSION_TAG, String.valueOf(launchTemplateVersion));
        }
        return tags;
    }

    private static LaunchChecks.Stop invalid(String field, String message) {
        return new LaunchChecks.Stop(ErrorCode.INVALID_PARAMETER_VALUE, FIELD + "." + field, message);
    }
}
