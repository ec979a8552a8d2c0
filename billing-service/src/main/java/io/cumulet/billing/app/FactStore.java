package io.cumulet.billing.app;

import io.cumulet.billing.domain.metering.Fact;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps lifecycle facts by instance and version. All in the running transaction. */
public interface FactStore {

    /**
     * Adds facts that aren't there yet. Until the transaction ends nobody else adds any to the same instances, so that two
     * folds of one instance never miss each other's facts.
     *
     * @return the instances that have a new fact
     */
    Set<String> add(List<Fact> facts);

    /** All facts of instances, by version. */
    Map<String, List<Fact>> factsOf(Collection<String> instanceIds);
}
