package io.cumulet.spotmarket.app;

import io.cumulet.catalog.Image;
import io.cumulet.catalog.Images;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks the instance service, when a request is made, what it would say to the launch: what it would refuse must not wait for
 * room first. Not asked if the request names nothing but what the market knows too: image, type and zone.
 */
@ApplicationScoped
public class LaunchTrials {

    private final InstanceService instances;

    public LaunchTrials(InstanceService instances) {
        this.instances = instances;
    }

    /**
     * The image that a launch names: of the catalog, or one that the instance service knows. Without a transaction: it may have
     * to wait for the answer.
     *
     * @param imageId null or blank: it is missing
     */
    public Outcome<Image> image(AccountId account, Region region, String field, @Nullable String imageId) {
        if (imageId == null || imageId.isBlank()) {
            return Outcome.refused(ErrorCode.MISSING_PARAMETER, field, "Missing: " + field);
        }
        Optional<Image> ofCatalog = Images.find(region, imageId);
        if (ofCatalog.isPresent()) {
            return Outcome.done(ofCatalog.get());
        }
        Outcome<Image> known = ResourceKind.IMAGE.isId(imageId)
                ? instances.image(account, region, imageId)
                : Outcome.refused(ErrorCode.INVALID_AMI_ID_NOT_FOUND, field, "");
        return switch (known) {
            case Outcome.Refused<Image>(Refusal refusal)
            when refusal.code() == ErrorCode.INVALID_AMI_ID_NOT_FOUND ->
                Outcome.refused(
                        ErrorCode.INVALID_AMI_ID_NOT_FOUND, field, "The image id '[" + imageId + "]' does not exist");
            case Outcome.Refused<Image> refused -> refused;
            case Outcome.Done<Image> done -> done;
        };
    }

    /**
     * Tries a launch, without a transaction: it may have to wait for the answer.
     *
     * @return the zone that the launch's subnet says; empty if it names none
     */
    public Outcome<Optional<AvailabilityZone>> zoneOf(AccountId account, Region region, InstanceService.Launch launch) {
        String subnetId = launch.subnetId();
        boolean needsAsking = subnetId != null
                || launch.keyName() != null
                || launch.securityGroupIds() != null
                || launch.userData() != null
                || launch.options() != null;
        if (!needsAsking) {
            return Outcome.done(Optional.empty());
        }
        Outcome<InstanceService.Launch> tried = instances.tried(account, region, launch);
        // A default subnet may have been deleted, so its id says nothing either.
        return subnetId == null
                ? tried.map(unused -> Optional.empty())
                : tried.flatMap(unused ->
                        instances.zoneOfSubnet(account, region, subnetId).map(Optional::of));
    }
}
