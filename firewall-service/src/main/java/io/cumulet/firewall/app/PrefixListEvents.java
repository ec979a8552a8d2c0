package io.cumulet.firewall.app;

import io.cumulet.firewall.domain.prefixlists.PrefixList;
import java.time.Instant;

/** Tells the suite, in the running transaction. Each version of a prefix list is told once. */
public interface PrefixListEvents {

    void created(PrefixList list, Instant at);

    void changed(PrefixList list, Instant at);

    void deleted(PrefixList list, Instant at);
}
