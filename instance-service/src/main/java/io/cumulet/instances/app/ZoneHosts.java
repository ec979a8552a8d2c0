package io.cumulet.instances.app;

import io.cumulet.instances.domain.placement.Capacity;
import io.cumulet.instances.domain.placement.Host;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.idempotency.ClientTokens;
import java.time.Instant;
import java.util.List;

/** Hosts that come into a zone, and go. */
final class ZoneHosts {

    private final AvailabilityZone zone;
    private final ZoneMemory memory;
    private final ZoneStore store;
    private final BatchFacts facts;
    private final BatchResult result;
    private final ZoneRoom room;
    private final Instant now;

    ZoneHosts(
            AvailabilityZone zone,
            ZoneMemory memory,
            ZoneStore store,
            BatchFacts facts,
            BatchResult result,
            ZoneRoom room,
            Instant now) {
        this.zone = zone;
        this.memory = memory;
        this.store = store;
        this.facts = facts;
        this.result = result;
        this.room = room;
        this.now = now;
    }

    Outcome<List<Host>> addHosts(ZoneWork.AddHosts work) {
        TokenUse token = work.token();
        if (token != null) {
            ZoneStore.EarlierUse earlier = facts.earlierUse(token);
            if (earlier != null) {
                if (!earlier.requestHash().equals(token.requestHash())) {
                    return Outcome.refused(ClientTokens.mismatch());
                }
                // As they are by now; some may have been removed since.
                return Outcome.done(store.hosts(BatchFacts.resultIds(earlier.result())));
            }
        }
        boolean isRefused = switch (work.into) {
            case ANY -> false;
            case EMPTY_ZONE -> store.hasHosts(zone, null);
            case ZONE_WITHOUT_FAMILY ->
                store.hasHosts(zone, work.hosts.getFirst().family());
        };
        if (isRefused) {
            return Outcome.done(List.of());
        }
        StringBuilder ids = new StringBuilder("hosts");
        for (Host host : work.hosts) {
            memory.fleet.add(host, Capacity.NONE);
            room.demands().hostsChanged(host.family());
            result.changes().insertHost(host);
            result.announce(new Announcement.OfHost(host, now));
            result.touch(host.family());
            ids.append(' ').append(host.id());
        }
        if (token != null) {
            result.changes().completeToken(token, ids.toString());
            facts.used(token, ids.toString());
        }
        return Outcome.done(work.hosts);
    }

    /** An empty host goes at once; one in use takes no more and goes with its last instance. */
    Outcome<Host> removeHost(ZoneWork.RemoveHost work) {
        Host host = memory.fleet.host(work.hostId).orElse(null);
        if (host == null) {
            return Outcome.refused(
                    Refusal.of(ErrorCode.HOST_NOT_FOUND, "hostId", "The host id '" + work.hostId + "' does not exist"));
        }
        boolean empty = memory.fleet.used(host.id()).equals(Capacity.NONE);
        if (!empty && host.state() == Host.State.DRAINING) {
            return Outcome.done(host);
        }
        return Outcome.done(room.become(host, empty ? Host.State.REMOVED : Host.State.DRAINING));
    }
}
