package io.cumulet.firewall.app;

import io.cumulet.firewall.domain.groups.SecurityGroup;
import java.time.Instant;

/** Tells the suite, in the running transaction. Each version of a group is told once. */
public interface GroupEvents {

    void created(SecurityGroup group, Instant at);

    void changed(SecurityGroup group, Instant at);

    void deleted(SecurityGroup group, Instant at);
}
