package io.cumulet.firewall.domain.traffic;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a group lets through; rules only ever allow. */
public record Rule(
        String id, Traffic traffic, Peer peer, @Nullable String description, Map<String, String> tags) {

    public Rule {
        tags = Map.copyOf(tags);
    }

    /** A rule without tags. */
    public Rule(String id, Traffic traffic, Peer peer, @Nullable String description) {
        this(id, traffic, peer, description, Map.of());
    }

    /** The same under another id. */
    public Rule withId(String otherId) {
        return new Rule(otherId, traffic, peer, description, tags);
    }
}
