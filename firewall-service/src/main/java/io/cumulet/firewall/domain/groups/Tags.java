package io.cumulet.firewall.domain.groups;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Changes of tags; what they may be is a rule of {@link io.cumulet.kernel.ResourceTags}. */
public final class Tags {

    private Tags() {}

    /**
     * What is left after a change.
     *
     * @param change by key, the new value, or nothing where the tag goes
     */
    public static Map<String, String> changed(Map<String, String> tags, Map<String, Optional<String>> change) {
        Map<String, String> after = new HashMap<>(tags);
        change.forEach((key, value) -> value.ifPresentOrElse(there -> after.put(key, there), () -> after.remove(key)));
        return after;
    }
}
