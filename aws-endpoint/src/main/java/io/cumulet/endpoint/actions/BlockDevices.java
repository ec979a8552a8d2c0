package io.cumulet.endpoint.actions;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.endpoint.protocol.AwsError;

/**
 * The disks that a launch asks for. There are no volumes: what is asked for is taken, as most launches ask for a size or a type
 * of their root device, and no volume is shown for it. What needs a volume or a snapshot that is there is refused.
 */
public final class BlockDevices {

    private BlockDevices() {}

    /**
     * @param mappings a launch's {@code BlockDeviceMappings}; a missing node if it has none
     * @throws AwsError {@code InvalidSnapshot.NotFound} for a disk of a snapshot
     */
    public static void check(JsonNode mappings) {
        for (JsonNode mapping : mappings) {
            if (mapping.path("DeviceName").asText().isEmpty()) {
                throw AwsError.missing("BlockDeviceMapping.deviceName");
            }
            String snapshot = mapping.path("Ebs").path("SnapshotId").asText();
            if (!snapshot.isEmpty()) {
                throw AwsError.of("InvalidSnapshot.NotFound", "The snapshot '" + snapshot + "' does not exist.");
            }
        }
    }
}
