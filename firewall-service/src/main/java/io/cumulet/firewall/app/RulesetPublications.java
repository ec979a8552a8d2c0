package io.cumulet.firewall.app;

import io.cumulet.firewall.app.RulesetEvents.Whole;
import io.cumulet.firewall.app.RulesetStore.Host;
import io.cumulet.firewall.app.RulesetStore.Place;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.rulesets.HostContents;
import io.cumulet.firewall.domain.rulesets.HostRuleset;
import io.cumulet.firewall.domain.rulesets.NftText;
import io.cumulet.firewall.domain.rulesets.Ports;
import io.cumulet.firewall.domain.rulesets.RulesetLimits;
import io.cumulet.firewall.domain.rulesets.Sources;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Whole rulesets: for hosts that are new, missed something, or weren't told for long. */
@ApplicationScoped
public class RulesetPublications {

    private static final int AT_ONCE = 20;

    private final RulesetStore store;
    private final MemberStore members;
    private final RulesetSources sources;
    private final RulesetEvents events;
    private final Ports ports;
    private final RulesetLimits limits;
    private final InstantSource clock;

    public RulesetPublications(
            RulesetStore store,
            MemberStore members,
            RulesetSources sources,
            RulesetEvents events,
            Ports ports,
            RulesetLimits limits,
            InstantSource clock) {
        this.store = store;
        this.members = members;
        this.sources = sources;
        this.events = events;
        this.ports = ports;
        this.limits = limits;
        this.clock = clock;
    }

    /** What was published: a version in so many chunks. */
    public record Published(String hostId, long version, int chunks) {}

    /** A host's whole ruleset as lines for {@code nft -f}. */
    public record Text(String hostId, long version, List<String> lines) {}

    /** A host's ruleset as it is now. */
    public Outcome<Text> text(Region region, String hostId) {
        return Transactions.decide(() -> lock(region, hostId)
                .flatMap(host -> {
                    if (!host.stale()) {
                        return Outcome.done(host);
                    }
                    // Its next version is what is so now, and begins with this.
                    tellAll(List.of(host));
                    return lock(region, hostId);
                })
                .map(host ->
                        new Text(hostId, host.version(), snapshot(List.of(host)).lines(host))));
    }

    /** Publishes a host's ruleset anew, under the version it has; a stale one's under the next. */
    public Outcome<Published> publish(Region region, String hostId) {
        return Transactions.decide(() -> lock(region, hostId).map(host -> {
            Whole told = tellAll(List.of(host)).getFirst();
            return new Published(hostId, told.version(), told.parts().size());
        }));
    }

    /** Locked, since rules and version have to belong together. */
    private Outcome<Host> lock(Region region, String hostId) {
        if (store.awaitedRebuild().isPresent()) {
            return Outcome.refused(Refusal.of(
                    ErrorCode.UNAVAILABLE,
                    "After an upgrade it is being read anew which instances run on which host; rulesets come then"));
        }
        takeTurns(List.of(hostId));
        Host host = store.lockKnown(List.of(hostId)).get(hostId);
        return host == null || !host.region().equals(region)
                ? Outcome.refused(
                        ErrorCode.HOST_NOT_FOUND, "hostId", "No ruleset is known of the host '" + hostId + "'")
                : Outcome.done(host);
    }

    /** Publishes rulesets that weren't told in full for long; some at once. Answers how many. */
    public int publishDue() {
        return QuarkusTransaction.requiringNew().call(this::tellDue);
    }

    /** As {@link #publishDue}, in the running transaction. */
    int tellDue() {
        if (store.awaitedRebuild().isPresent()) {
            return 0;
        }
        List<String> due = store.dueInFull(limits.fullEvery(), AT_ONCE);
        takeTurns(due);
        List<Host> locked = store.lockDue(due, limits.fullEvery());
        tellAll(locked);
        return locked.size();
    }

    /**
     * What a stale host is about isn't known yet: whoever changes a group wouldn't find the host, and whoever reads for the
     * host wouldn't see the change. So one waits for the other; before hosts are locked, as all do.
     */
    private void takeTurns(Collection<String> hostIds) {
        Set<Place> places = new TreeSet<>();
        if (!hostIds.isEmpty()) {
            members.onHosts(hostIds).forEach(member -> places.add(RulesetSources.place(member)));
        }
        if (!places.isEmpty()) {
            store.takeTurns(places);
        }
    }

    /** The rebuild that hosts wait for, by its name. */
    Optional<String> awaitedRebuild() {
        return Transactions.read(store::awaitedRebuild);
    }

    /** Tells locked hosts all of their rulesets, in the running transaction. */
    List<Whole> tellAll(Collection<Host> locked) {
        if (locked.isEmpty()) {
            return List.of();
        }
        List<Whole> told = new ArrayList<>();
        List<Host> mended = new ArrayList<>();
        Snapshot snapshot = snapshot(locked);
        for (Host host : locked) {
            HostContents contents = HostRuleset.contents(snapshot.members(host), snapshot.sources());
            // They differ only if a copy was rebuilt from its topic and came out otherwise.
            boolean isMended = host.stale() || !contents.equals(host.contents());
            long version = isMended ? host.version() + 1 : host.version();
            if (isMended) {
                mended.add(new Host(host.hostId(), host.region(), version, 0, contents, false));
            }
            told.add(new Whole(
                    host.hostId(),
                    host.region(),
                    version,
                    NftText.parts(snapshot.lines(host), limits.recordCharacters())));
        }
        store.keep(mended);
        events.tell(List.copyOf(told), clock.instant());
        store.toldInFull(locked.stream().map(Host::hostId).toList());
        return told;
    }

    /** What tables of some hosts are made from. */
    private record Snapshot(Ports ports, Map<String, List<Member>> onHosts, Sources sources) {

        List<Member> members(Host host) {
            return onHosts.getOrDefault(host.hostId(), List.of());
        }

        List<String> lines(Host host) {
            return NftText.whole(ports, new HostRuleset(ports).whole(members(host), sources));
        }
    }

    private Snapshot snapshot(Collection<Host> hosts) {
        Set<String> ids = new HashSet<>();
        hosts.forEach(host -> ids.add(host.hostId()));
        Map<String, List<Member>> onHosts = new HashMap<>();
        List<Member> all = members.onHosts(ids);
        for (Member member : all) {
            onHosts.computeIfAbsent(String.valueOf(member.hostId()), id -> new ArrayList<>())
                    .add(member);
        }
        return new Snapshot(ports, onHosts, sources.of(all));
    }
}
