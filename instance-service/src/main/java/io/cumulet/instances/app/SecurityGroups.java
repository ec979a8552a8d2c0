package io.cumulet.instances.app;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which security groups can be attached: from our copy of the firewall's groups, and where that doesn't know, from the
 * firewall, whose answer is then in the copy. And which can't any more, because the firewall is about to delete them.
 *
 * <p>{@link #unattachable} is asked before the zone is. What counts is what {@link Attachable} says inside the zone's
 * transaction, on rows that stay locked until it ends:
 *
 * <pre>
 *   attaching    zone's row ──► groups' rows FOR SHARE, by id ──► not retired? ──► interface written ──► commit
 *   retiring                    group's row, marked ──► nobody has it? ──► commit, else rollback
 * </pre>
 *
 * <p>The two locks exclude each other. So whoever attaches first is seen by the one that retires, and whoever retires first
 * is seen by the one that attaches. Retiring locks nothing else, so neither waits for the other in a circle. The rows are not
 * the copy's: that one may be locked for long while it is made anew.
 */
@ApplicationScoped
public class SecurityGroups {

    private final GroupCopies groups;
    private final Copies copies;
    private final Firewall firewall;

    public SecurityGroups(GroupCopies groups, Copies copies, Firewall firewall) {
        this.groups = groups;
        this.copies = copies;
        this.firewall = firewall;
    }

    /** Where a group is wanted. */
    public record Place(AccountId account, Region region, String vpcId, String subnetId) {

        /** The group that every interface here has, unless others are named. It is always there. */
        String defaultGroupId() {
            return DefaultNetwork.securityGroupId(account, region, vpcId);
        }

        /** Those named; the default group if none is. */
        List<String> orDefault(List<String> groupIds) {
            return groupIds.isEmpty() ? List.of(defaultGroupId()) : groupIds;
        }

        /** Those that aren't always there. */
        List<String> toLookUp(List<String> groupIds) {
            if (groupIds.isEmpty()) {
                return groupIds;
            }
            String always = defaultGroupId();
            return groupIds.stream().filter(id -> !id.equals(always)).toList();
        }

        /** The same, as they are locked. */
        List<Wanted> wanted(List<String> groupIds) {
            return toLookUp(groupIds).stream()
                    .map(id -> new Wanted(account, id))
                    .toList();
        }
    }

    /**
     * A group that takes attachments.
     *
     * @param vpcId null in a copy that was taken before groups had one
     */
    public record Attachable(
            String groupId,
            AccountId account,
            Region region,
            @Nullable String vpcId) {

        private boolean isOf(Place place) {
            return account.equals(place.account()) && region.equals(place.region());
        }
    }

    /**
     * The refusal if one of the groups can't be attached in a place: it doesn't exist for the account and region, it is about
     * to be deleted, or it belongs to another VPC.
     *
     * @param known groups that take attachments, by id
     */
    static Optional<Refusal> refusal(List<String> groupIds, Place place, Map<String, Attachable> known) {
        for (String id : place.toLookUp(groupIds)) {
            Attachable group = known.get(id);
            if (group == null || !group.isOf(place)) {
                return Optional.of(Refusal.of(
                        ErrorCode.GROUP_NOT_FOUND,
                        "securityGroupIds",
                        "The security group '" + id + "' does not exist"));
            }
            if (!place.vpcId().equals(group.vpcId())) {
                return Optional.of(Refusal.of(
                        ErrorCode.INVALID_PARAMETER,
                        "securityGroupIds",
                        "Security group " + id + " and subnet " + place.subnetId() + " belong to different networks."));
            }
        }
        return Optional.empty();
    }

    /**
     * Like {@link #refusal}, as far as is known before the zone is asked. Blocks.
     *
     * @throws io.cumulet.kernel.RefusedException {@code Unavailable} if the firewall has to be asked and can't be
     */
    public Optional<Refusal> unattachable(List<String> groupIds, Place place) {
        List<String> toLookUp = place.toLookUp(groupIds);
        if (toLookUp.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Known> known = groups.known(toLookUp);
        Map<String, Attachable> attachable = new LinkedHashMap<>();
        List<Copies.GroupCopy> learned = new ArrayList<>();
        for (String id : toLookUp) {
            Known copy = known.get(id);
            // What is somebody else's is like what isn't there.
            if (copy == null || !copy.group().isOf(place) || copy.mayHaveChanged()) {
                // Its creation or next version may still be on the way from Kafka, so the firewall has the last word.
                firewall.group(id, place.account(), place.region()).ifPresent(group -> {
                    learned.add(group);
                    attachable.put(id, new Attachable(id, group.account(), group.region(), group.vpcId()));
                });
            } else if (copy.attachable()) {
                attachable.put(id, copy.group());
            }
        }
        if (!learned.isEmpty()) {
            // Before the zone's transaction, which looks there again.
            QuarkusTransaction.requiringNew().run(() -> copies.takeGroups(learned));
        }
        return refusal(groupIds, place, attachable);
    }

    /**
     * Refuses new attachments of a group from now on, if nothing has it: the firewall is about to delete it. A higher version
     * of the group, other than its deletion, allows them again. What is somebody else's stays as it is, as it would if it
     * weren't there.
     *
     * @param version the group's, as the firewall has it now
     * @return the refusal if something has it, or if the group has changed since
     */
    public Outcome<Boolean> retire(String groupId, AccountId account, Region region, long version) {
        return Transactions.decide(() -> {
            groups.retire(groupId, account, region, version);
            if (groups.hasChangedSince(groupId, account, region, version)) {
                return Outcome.refused(
                        ErrorCode.DEPENDENCY_VIOLATION,
                        "version",
                        "The security group " + groupId + " has changed since its version " + version);
            }
            return groups.anyWith(groupId, account, region)
                    .<Outcome<Boolean>>map(holder -> Outcome.refused(
                            ErrorCode.DEPENDENCY_VIOLATION,
                            "groupId",
                            "The security group " + groupId + " is in use by " + holder))
                    .orElseGet(() -> Outcome.done(true));
        });
    }

    /** A group as an account wants to attach it, in the order in which such are locked. */
    public record Wanted(AccountId account, String groupId) implements Comparable<Wanted> {

        private static final Comparator<Wanted> ORDER = Comparator.comparing(
                        (Wanted wanted) -> wanted.account().value())
                .thenComparing(Wanted::groupId);

        @Override
        public int compareTo(Wanted other) {
            return ORDER.compare(this, other);
        }
    }

    /**
     * @param deleted whether the firewall deleted it
     * @param retired whether it takes no attachments since the firewall is about to delete it
     */
    public record Known(Attachable group, boolean deleted, boolean retired) {

        boolean attachable() {
            return !deleted && !retired;
        }

        /** A higher version lifts a retirement; and a copy may be from before groups had a VPC. */
        boolean mayHaveChanged() {
            return !deleted && (retired || group.vpcId() == null);
        }
    }

    /** Our copy of the firewall's groups. */
    public interface GroupCopies {

        /** What is known of these groups, also of those that are gone; whose they are is for the caller to look at. */
        Map<String, Known> known(List<String> groupIds);

        /** A group of a VPC, other than its default group, that is there; one that is about to be deleted isn't. */
        Optional<String> ownGroupIn(String vpcId, AccountId account, Region region);

        /** Marks a group, in the running transaction, as one that takes no attachments up to this version. */
        void retire(String groupId, AccountId account, Region region, long version);

        /** Whether an account's group is there with a higher version. */
        boolean hasChangedSince(String groupId, AccountId account, Region region, long version);

        /** The interface of an account that has a group, and its instance, in words; of the running transaction. */
        Optional<String> anyWith(String groupId, AccountId account, Region region);
    }

    /** The firewall itself. */
    public interface Firewall {

        /**
         * A group of an account in a region; empty if there is none.
         *
         * @throws io.cumulet.kernel.RefusedException {@code Unavailable} if it can't be asked
         */
        Optional<Copies.GroupCopy> group(String groupId, AccountId account, Region region);

        /**
         * A group that an account has in a VPC, other than its default group; empty if there is none.
         *
         * @throws io.cumulet.kernel.RefusedException {@code Unavailable} if it can't be asked
         */
        Optional<String> ownGroupIn(String vpcId, AccountId account, Region region);

        /**
         * Whether an account has a prefix list in a region.
         *
         * @throws io.cumulet.kernel.RefusedException {@code Unavailable} if it can't be asked
         */
        boolean hasPrefixList(String prefixListId, AccountId account, Region region);
    }
}
