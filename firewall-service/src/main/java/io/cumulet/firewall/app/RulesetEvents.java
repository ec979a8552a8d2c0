package io.cumulet.firewall.app;

import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.List;

/** Tells hosts, in the running transaction, while their rows are locked. */
public interface RulesetEvents {

    /** What a host is told. */
    sealed interface Event {
        String hostId();

        Region region();

        long version();
    }

    /** What changed from one version to the next. */
    record Delta(String hostId, Region region, long version, List<String> lines) implements Event {}

    /** All of a version, in parts that fit a record each. */
    record Whole(String hostId, Region region, long version, List<List<String>> parts) implements Event {}

    void tell(List<Event> events, Instant at);
}
