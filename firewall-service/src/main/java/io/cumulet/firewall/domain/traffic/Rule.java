package io.cumulet.firewall.domain.traffic;

import org.jspecify.annotations.Nullable;

/** What a group lets through; rules only ever allow. */
public record Rule(
        String id, Traffic traffic, Peer peer, @Nullable String description) {

    /** Whether two rules let the same through, whatever they are called. */
    public boolean saysTheSameAs(Rule other) {
        return traffic.equals(other.traffic) && peer.equals(other.peer);
    }
}
