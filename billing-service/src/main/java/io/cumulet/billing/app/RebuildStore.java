package io.cumulet.billing.app;

import io.cumulet.billing.domain.metering.Fact;
import java.util.List;

/** What a rebuild needs of the database besides the stores themselves. All in the running transaction. */
public interface RebuildStore {

    /**
     * Empties facts, tags and runs, remembering which facts were known and which usage events were published. Nobody
     * else takes in facts until the transaction ends.
     */
    void begin();

    /** Of these facts, those that were known before the rebuild. */
    List<Fact> knownBefore(List<Fact> facts);

    /** Lets the versions of usage events go on where they were, so that none is given twice. */
    void finish();
}
