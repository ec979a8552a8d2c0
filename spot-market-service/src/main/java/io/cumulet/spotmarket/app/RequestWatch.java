package io.cumulet.spotmarket.app;

import io.cumulet.spotmarket.domain.requests.SpotRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hears of every request that was made or changed, in the transaction that did it. It may write rows and set timers of its
 * own, but neither locks pools nor changes requests: for that it sets a timer that is due at once.
 */
public interface RequestWatch {

    /** @param before null if it is new */
    record Change(@Nullable SpotRequest before, SpotRequest after) {}

    void changed(List<Change> changes);
}
