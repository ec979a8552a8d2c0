package io.cumulet.instances.app;

import io.cumulet.catalog.Image;
import io.cumulet.catalog.Images;
import io.cumulet.instances.domain.images.AccountImage;
import io.cumulet.instances.domain.images.ImageState;
import io.cumulet.instances.domain.launch.LaunchImages;
import io.cumulet.instances.domain.launch.LaunchWish;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a launch names that the database has to be asked for: images of accounts, and key pairs. One read each. */
@ApplicationScoped
public class LaunchNames {

    private final ImageStore images;
    private final KeyPairStore keyPairs;

    public LaunchNames(ImageStore images, KeyPairStore keyPairs) {
        this.images = images;
        this.keyPairs = keyPairs;
    }

    /**
     * What was found.
     *
     * @param missing why it can't be launched though its request is in order, such as a key pair that is gone; null if it can.
     *     A launch that was done before under the same client token is answered all the same.
     */
    public record Found(LaunchImages images, @Nullable Refusal missing) {}

    /** Whether memory is enough. */
    public boolean isKnown(LaunchWish wish, Region region) {
        String imageId = wish.imageId();
        return wish.keyName() == null
                && (imageId == null || Images.find(region, imageId).isPresent());
    }

    /** Blocks unless it {@link #isKnown}. */
    public Found find(LaunchWish wish, AccountId account, Region region) {
        LaunchImages ofCatalog = LaunchImages.ofCatalog(region);
        String imageId = wish.imageId();
        if (imageId == null || Images.find(region, imageId).isPresent()) {
            return new Found(ofCatalog, missingKey(wish, account, region));
        }
        Optional<AccountImage> known =
                images.find(imageId, region).filter(image -> image.isOwnedBy(account) || image.isSeenBy(account));
        if (known.isEmpty()) {
            return new Found(ofCatalog, null);
        }
        AccountImage image = known.get();
        Image facts = image.facts();
        return new Found(
                named -> Outcome.done(facts),
                image.state() == ImageState.AVAILABLE
                        ? missingKey(wish, account, region)
                        : AccountImages.unavailable(image));
    }

    private @Nullable Refusal missingKey(LaunchWish wish, AccountId account, Region region) {
        String name = wish.keyName();
        return name == null || keyPairs.exists(name, account, region)
                ? null
                : Refusal.of(ErrorCode.KEY_PAIR_NOT_FOUND, "keyName", "The key pair '" + name + "' does not exist");
    }
}
