package io.cumulet.endpoint.actions.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Names;
import io.cumulet.endpoint.model.Shape;
import io.cumulet.kernel.OperatingSystem;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Images as EC2 tells of them. */
final class ImageViews {

    private static final Shape IMAGE = Api.EC2.model().shape("Image");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private ImageViews() {}

    static ObjectNode of(JsonNode view) {
        ObjectNode image = Names.toAws(view, IMAGE);
        String owner = view.path("ownerAlias").asText(view.path("ownerId").asText());
        image.put("CreationDate", time(view.path("creationTime").asText()))
                .put("Public", view.path("isPublic").asBoolean())
                .put("ImageLocation", owner + "/" + view.path("name").asText())
                .put("ImageType", "machine")
                .put("Hypervisor", "xen")
                .put("VirtualizationType", "hvm")
                .put("EnaSupport", true);
        if (view.hasNonNull("ownerAlias")) {
            image.put("ImageOwnerAlias", view.path("ownerAlias").asText());
        }
        if (view.hasNonNull("deprecationTime")) {
            image.put("DeprecationTime", time(view.path("deprecationTime").asText()));
        }
        putPlatform(image, OperatingSystem.ofCode(view.path("os").asText()).orElseThrow());
        image.putArray("BlockDeviceMappings")
                .addObject()
                .put("DeviceName", view.path("rootDeviceName").asText())
                .putObject("Ebs")
                .put("DeleteOnTermination", true);
        return image;
    }

    /** @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/billing-info-fields.html">AMI billing information</a> */
    private static void putPlatform(ObjectNode image, OperatingSystem os) {
        switch (os) {
            case LINUX, MACOS -> put(image, "Linux/UNIX", "RunInstances");
            case WINDOWS -> put(image.put("Platform", "windows"), "Windows", "RunInstances:0002");
            case RHEL -> put(image, "Red Hat Enterprise Linux", "RunInstances:0010");
            case SUSE -> put(image, "SUSE Linux", "RunInstances:000g");
        }
    }

    private static void put(ObjectNode image, String details, String usageOperation) {
        image.put("PlatformDetails", details).put("UsageOperation", usageOperation);
    }

    private static String time(String instant) {
        return TIME.format(Instant.parse(instant));
    }
}
