package io.cumulet.firewall.app;

import io.cumulet.firewall.domain.rulesets.HostContents;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is known of each host's ruleset: not its text, which follows from members and rules. Part of the running transaction. */
public interface RulesetStore {

    /** Where an account's things are. */
    record Place(AccountId account, Region region) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return key().compareTo(other.key());
        }

        public String key() {
            return account.value() + "/" + region.value();
        }
    }

    /**
     * A host's ruleset.
     *
     * @param version of its last delta or, if there was none yet, full set; 0 before the first
     * @param deltas how many there were since it was last told in full
     * @param stale what it was told may not fit what is so: it is told in full before it is told any change
     */
    record Host(String hostId, Region region, long version, int deltas, HostContents contents, boolean stale) {}

    /** Waits until no other transaction changes rulesets on behalf of these places, and makes others wait. */
    void takeTurns(Collection<Place> places);

    /**
     * Waits until nobody with a {@linkplain #takeTurns turn} of the place is left, and makes whoever takes one wait; others
     * that call this don't. Until the transaction ends no group comes to a host of the place's or leaves one.
     *
     * @return hosts where a member has the group
     */
    Set<String> keepMembers(Place place, String groupId);

    /** Waits until no other transaction changes rules on hosts of the place's, and makes others wait. */
    void takeTurnsOfRules(Place place);

    /** Hosts where a rule names one of these groups. */
    Set<String> thatName(Collection<String> groupIds);

    /** Hosts where a member has the group. */
    Set<String> thatHave(String groupId);

    /** Hosts where a rule names the prefix list. */
    Set<String> thatNameList(String prefixListId);

    /**
     * These hosts, locked until the transaction ends; in one order, so that none waits in a ring.
     *
     * @param regions by host; a host that isn't known yet begins with version 0
     */
    Map<String, Host> lock(Map<String, Region> regions);

    /** Those of the hosts that are known, locked as {@link #lock} does. */
    Map<String, Host> lockKnown(Collection<String> hostIds);

    /** Keeps locked hosts. */
    void keep(Collection<Host> hosts);

    /** Notes that locked hosts were told in full now; they aren't stale any more. */
    void toldInFull(Collection<String> hostIds);

    /** Makes locked hosts due, whenever they were told in full. */
    void wantInFull(Collection<String> hostIds);

    /** Hosts that weren't told in full for so long, by the database's clock, longest first. Not locked. */
    List<String> dueInFull(Duration after, int limit);

    /** Those of the hosts that are still due, locked; those that another transaction holds are passed over. */
    List<Host> lockDue(Collection<String> hostIds, Duration after);

    /**
     * The rebuild of a copy without which rulesets would lack instances, by its name. Until it is done hosts are told
     * nothing, and nothing is kept of them.
     */
    Optional<String> awaitedRebuild();

    /** The copy of members was made anew: each host with members is known, all are stale and due, and no rebuild is awaited. */
    void membersRebuilt();
}
