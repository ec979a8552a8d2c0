package io.cumulet.spotmarket.app;

import java.util.Set;

/**
 * Hears of news of capacity, in the transaction that takes them over. It may write rows and set timers of its own, nothing
 * else.
 */
public interface CapacityWatch {

    /** @param familyKeys zone and family, such as {@code us-east-1a/m4} */
    void capacityChanged(Set<String> familyKeys);
}
