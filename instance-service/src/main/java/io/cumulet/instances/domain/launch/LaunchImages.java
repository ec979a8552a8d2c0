package io.cumulet.instances.domain.launch;

import io.cumulet.catalog.Image;
import io.cumulet.catalog.Images;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;

/** The images that a launch can name. */
@FunctionalInterface
public interface LaunchImages {

    Outcome<Image> find(String imageId);

    /** The public ones of a region. */
    static LaunchImages ofCatalog(Region region) {
        return imageId -> Images.find(region, imageId)
                .<Outcome<Image>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(notFound(imageId, region)));
    }

    static Refusal notFound(String imageId, Region region) {
        return Refusal.of(
                ErrorCode.INVALID_AMI_ID_NOT_FOUND,
                "imageId",
                "The image id '" + imageId + "' does not exist in " + region);
    }
}
