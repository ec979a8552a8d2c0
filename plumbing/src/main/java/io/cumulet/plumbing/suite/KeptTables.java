package io.cumulet.plumbing.suite;

import java.util.Set;

/** Tables of the service that a reset of the whole stack leaves as they are, such as the keys its callers have. A CDI bean. */
@FunctionalInterface
public interface KeptTables {
    Set<String> tables();
}
