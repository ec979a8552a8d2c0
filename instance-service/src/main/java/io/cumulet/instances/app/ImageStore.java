package io.cumulet.instances.app;

import io.cumulet.instances.domain.images.AccountImage;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.List;
import java.util.Optional;

/** Where accounts' images are kept. */
public interface ImageStore {

    /** Whether it could be kept: not if the account has an image of that name in the region. */
    boolean insert(AccountImage image);

    /** Whosever it is, also a deregistered one. One read along an index; needs no transaction. */
    Optional<AccountImage> find(String imageId, Region region);

    /** The same, locked until the transaction ends. */
    Optional<AccountImage> lock(String imageId, Region region);

    /** All of a region that an account sees. */
    List<AccountImage> seenBy(AccountId account, Region region);

    /** All but what never changes. */
    void update(AccountImage image);
}
