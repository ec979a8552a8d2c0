package io.cumulet.instances.app;

import java.util.List;

/** Publishes announcements as part of the running transaction, in order. */
public interface Announcer {
    void announce(List<Announced> announcements);
}
