package io.cumulet.instances.app;

import io.cumulet.instances.domain.launch.LaunchChecks;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.ResourceTags;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tags as callers ask for them, checked by the same rules as those of instances. */
final class Tags {

    private static final String FIELD = "tags";

    private Tags() {}

    /** Of something new; null: none. */
    static Outcome<Map<String, String>> of(@Nullable Map<String, String> wish) {
        try {
            return Outcome.done(LaunchChecks.tags(FIELD, wish));
        } catch (LaunchChecks.Stop stop) {
            return Outcome.refused(stop.refusal());
        }
    }

    /**
     * Those that are there, changed.
     *
     * @param patch what to set or, with null as value, to remove; null leaves them as they are
     */
    static Outcome<Map<String, String>> patched(
            Map<String, String> before, @Nullable Map<String, @Nullable String> patch) {
        return ResourceTags.patched(FIELD, before, patch);
    }
}
