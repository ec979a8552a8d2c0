package io.cumulet.firewall.domain.evaluation;

import io.cumulet.firewall.domain.traffic.Direction;
import org.jspecify.annotations.Nullable;

/** What becomes of a packet. */
public sealed interface Verdict {

    /**
     * It passes.
     *
     * @param egressRule a rule of the source that allows it; null if the source isn't an instance
     * @param ingressRule a rule of the destination that allows it; null if the destination isn't an instance
     */
    record Allowed(@Nullable String egressRule, @Nullable String ingressRule) implements Verdict {}

    /** It vanishes, and the sender's connection times out. */
    record Blocked(Direction by) implements Verdict {}
}
