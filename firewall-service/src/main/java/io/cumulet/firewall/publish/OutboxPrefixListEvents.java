package io.cumulet.firewall.publish;

import io.cumulet.contract.EventType;
import io.cumulet.contract.PrefixListSnapshot;
import io.cumulet.firewall.app.PrefixListEvents;
import io.cumulet.firewall.domain.prefixlists.PrefixList;
import io.cumulet.plumbing.outbox.NewEvent;
import io.cumulet.plumbing.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/** Prefix lists on {@code firewall.prefix-lists}, whole each time. */
@ApplicationScoped
public class OutboxPrefixListEvents implements PrefixListEvents {

    private final Outbox outbox;

    public OutboxPrefixListEvents(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public void created(PrefixList list, Instant at) {
        append(EventType.PREFIX_LIST_CREATED, list, at);
    }

    @Override
    public void changed(PrefixList list, Instant at) {
        append(EventType.PREFIX_LIST_CHANGED, list, at);
    }

    @Override
    public void deleted(PrefixList list, Instant at) {
        append(EventType.PREFIX_LIST_DELETED, list, at);
    }

    private void append(EventType type, PrefixList list, Instant at) {
        outbox.append(new NewEvent(
                type, list.id(), list.account(), list.region(), list.version(), at, null, snapshot(list, at)));
    }

    private static PrefixListSnapshot snapshot(PrefixList list, Instant at) {
        return new PrefixListSnapshot(
                list.id(),
                list.account().value(),
                list.region().value(),
                list.version(),
                at,
                list.name(),
                switch (list.family()) {
                    case IPV4 -> "IPv4";
                    case IPV6 -> "IPv6";
                },
                list.maxEntries(),
                list.entries().stream()
                        .map(entry -> new PrefixListSnapshot.Entry(entry.cidr().toString(), entry.description()))
                        .toList(),
                list.tags());
    }
}
