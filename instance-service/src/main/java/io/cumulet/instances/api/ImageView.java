package io.cumulet.instances.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.cumulet.catalog.Image;
import io.cumulet.catalog.Images;
import io.cumulet.instances.domain.images.AccountImage;
import io.cumulet.instances.domain.images.ImageState;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An image as a caller sees it.
 *
 * @param ownerAlias {@code amazon} for its own public images
 * @param asOf of a public image of the catalog: when it was known to be there
 * @param launchAccounts whom its owner lets launch it; told to the owner alone
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImageView(
        String imageId,
        String name,
        @Nullable String description,
        String ownerId,
        @Nullable String ownerAlias,
        String os,
        String architecture,
        String rootDeviceName,
        String rootDeviceType,
        String state,
        boolean isPublic,
        Instant creationTime,
        @Nullable String sourceInstanceId,
        @Nullable String sourceImageId,
        @Nullable String sourceImageRegion,
        @Nullable Instant deprecationTime,
        @Nullable List<String> launchAccounts,
        Map<String, String> tags,
        @Nullable LocalDate asOf) {

    private static final String EBS = "ebs";

    static ImageView of(Image image) {
        return new ImageView(
                image.imageId(),
                image.name(),
                null,
                image.ownerId(),
                Images.isOfAmazon(image.ownerId()) ? "amazon" : null,
                image.os().code(),
                image.architecture().code(),
                image.rootDeviceName(),
                EBS,
                ImageState.AVAILABLE.code(),
                true,
                image.asOf().atStartOfDay().toInstant(ZoneOffset.UTC),
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                image.asOf());
    }

    /** Tags and permissions are the owner's. */
    static ImageView of(AccountImage image, AccountId caller) {
        boolean isOwn = image.isOwnedBy(caller);
        Region sourceRegion = image.source().imageRegion();
        return new ImageView(
                image.id(),
                image.name(),
                image.description(),
                image.account().value(),
                null,
                image.software().os().code(),
                image.software().architecture().code(),
                image.software().rootDeviceName(),
                EBS,
                image.state().code(),
                image.isPublic(),
                image.createdAt(),
                isOwn ? image.source().instanceId() : null,
                isOwn ? image.source().imageId() : null,
                isOwn && sourceRegion != null ? sourceRegion.value() : null,
                image.deprecatedAt(),
                isOwn
                        ? image.launchAccounts().stream()
                                .map(AccountId::value)
                                .sorted()
                                .toList()
                        : null,
                isOwn ? image.tags() : Map.of(),
                null);
    }
}
