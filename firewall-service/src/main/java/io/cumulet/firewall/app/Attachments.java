package io.cumulet.firewall.app;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Learns which instance has which groups. */
@ApplicationScoped
public class Attachments {

    private final AttachmentStore store;

    public Attachments(AttachmentStore store) {
        this.store = store;
    }

    /** Takes news in the running transaction, in any order and as often as they come: the newest version stands. */
    public void take(Collection<Attachment> news) {
        Map<String, Attachment> newest = new LinkedHashMap<>();
        for (Attachment one : news) {
            newest.merge(one.instanceId(), one, (a, b) -> a.version() >= b.version() ? a : b);
        }
        store.take(newest.values());
    }
}
