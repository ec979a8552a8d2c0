package io.cumulet.billing.app;

import io.cumulet.billing.domain.metering.Fact;
import io.cumulet.kernel.AccountId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Keeps lifecycle facts by instance and version. All in the running transaction. */
public interface FactStore {

    /**
     * Adds facts that aren't there yet. Until the transaction ends nobody else adds any to the same instances, so that two
     * folds of one instance never miss each other's facts.
     *
     * @return all facts of the instances that have a new one, by instance
     */
    Map<String, List<Fact>> add(List<Fact> facts);

    /**
     * What happened to an account's instance, by version, from behind one on.
     *
     * @param until only what happened before
     */
    List<Fact> facts(AccountId account, String instanceId, Instant until, long afterVersion, int limit);
}
