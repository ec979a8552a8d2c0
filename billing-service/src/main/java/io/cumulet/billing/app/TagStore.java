package io.cumulet.billing.app;

import io.cumulet.billing.domain.metering.TagChange;
import io.cumulet.billing.domain.metering.TagHistory;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Keeps the tags of instances over time. */
public interface TagStore {

    /** The histories of those that ever had tags, by instance. */
    Map<String, TagHistory> historiesOf(Collection<String> instanceIds);

    /** Adds what isn't there yet, in the running transaction. */
    void add(List<TagChange> changes);
}
