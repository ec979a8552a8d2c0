package io.cumulet.firewall.app;

import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where groups are kept. Every call is part of the running transaction; those with an account and a region see these alone.
 * A transaction takes the owner's lock first, then locks of groups in the order of their ids, then those of prefix lists.
 */
public interface GroupStore {

    /**
     * Which groups.
     *
     * @param groupIds any of these; all if empty
     * @param names any of these; all if empty
     * @param vpcIds any of these; all if empty
     * @param tags for each key any of its values
     */
    record GroupFilter(
            List<String> groupIds, List<String> names, List<String> vpcIds, Map<String, List<String>> tags) {}

    /**
     * Which rules.
     *
     * @param groupIds of any of these groups; of all if empty
     * @param ruleIds any of these; all if empty
     * @param tags for each key any of its values
     */
    record RuleFilter(List<String> groupIds, List<String> ruleIds, Map<String, List<String>> tags) {}

    /** A rule with the group it is in. */
    record GroupRule(String groupId, Direction direction, Rule rule) {}

    /** @param deleting whether a deletion of it is under way, or was left by a crash */
    record Doomed(SecurityGroup group, boolean deleting) {}

    /** A deletion that nobody goes on with. */
    record Left(AccountId account, Region region, String groupId) {}

    Optional<SecurityGroup> find(AccountId account, Region region, String groupId);

    /** In the order of ids, those after the given one. */
    List<SecurityGroup> list(AccountId account, Region region, GroupFilter filter, @Nullable String afterId, int limit);

    /** In the order of rules' ids, those after the given one. */
    List<GroupRule> listRules(AccountId account, Region region, RuleFilter filter, @Nullable String afterId, int limit);

    /** Those of the ids that exist. */
    List<SecurityGroup> all(AccountId account, Region region, Collection<String> groupIds);

    /** Groups and prefix lists of an owner come to be one after the other, so that limits hold. Until the transaction ends. */
    void lockOwner(AccountId account, Region region);

    /** How many groups an owner has. */
    long count(AccountId account, Region region);

    /** A group, for a change: nobody else changes or deletes it until the transaction ends. */
    Optional<SecurityGroup> lock(AccountId account, Region region, String groupId);

    /**
     * Of these groups those that may be named: none of them is deleted until the transaction ends, nor are they being
     * deleted. Their rules aren't read.
     *
     * @return the VPC of each, by id
     */
    Map<String, String> keepPeers(AccountId account, Region region, Collection<String> groupIds);

    /** A group, for its deletion: nobody else changes it or comes to name it until the transaction ends. */
    Optional<Doomed> lockToDelete(AccountId account, Region region, String groupId);

    /** All of a VPC, for their deletion. */
    List<SecurityGroup> lockOfVpc(AccountId account, Region region, String vpcId);

    /** False if the id is there, or the name is taken in its VPC. */
    boolean insert(SecurityGroup group);

    /** The version under which a default group was deleted; 0 if none of this id was. */
    long lastVersion(String defaultGroupId);

    /** Keeps a group's next version, of a locked group. */
    void addRules(SecurityGroup after, Direction direction, List<Rule> rules);

    /** Keeps a group's next version, of a locked group. */
    void removeRules(SecurityGroup after, List<Rule> rules);

    /** Keeps a group's next version, of a locked group, in which these rules stand for those with their ids. */
    void replaceRules(SecurityGroup after, List<Rule> rules);

    /** Keeps a group's next version and its tags, of a locked group. */
    void keepTags(SecurityGroup after);

    /** Keeps a group's next version, of a locked group. */
    void keepVersion(SecurityGroup after);

    /** Of a locked group. A deletion's age, by the database's clock, begins anew. */
    void setDeleting(SecurityGroup group, boolean deleting);

    /** Deletions that began at least so long ago by the database's clock, of whatever account; oldest first. */
    List<Left> leftDeletions(Duration after, int limit);

    /** @param last the version that tells of it */
    void delete(SecurityGroup last);

    /** Another group with a rule that names this one. */
    Optional<String> referencedBy(SecurityGroup group);

    /** Ids of groups that a rule of another group of the account names. */
    Set<String> namedByOthers(AccountId account, Region region);

    /** The groups with a rule that names a prefix list. */
    List<SecurityGroup> namingList(AccountId account, Region region, String prefixListId);
}
