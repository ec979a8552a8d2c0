package io.cumulet.catalog;

import io.cumulet.kernel.OperatingSystem;
import java.time.LocalDate;

/**
 * A public machine image.
 *
 * @param ownerId the account that publishes it
 * @param rootDeviceName such as {@code /dev/xvda}; the root device is a volume (EBS) for all of them
 */
public record Image(
        String imageId,
        OperatingSystem os,
        Architecture architecture,
        String rootDeviceName,
        String ownerId,
        String name,
        LocalDate asOf) {}
