package io.cumulet.firewall.app;

import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.firewall.domain.traffic.Rule;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where groups are kept. Every call is part of the running transaction and sees one account and region alone. */
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

    Optional<SecurityGroup> find(AccountId account, Region region, String groupId);

    /** In the order of ids, those after the given one. */
    List<SecurityGroup> list(AccountId account, Region region, GroupFilter filter, @Nullable String afterId, int limit);

    /** Those of the ids that exist, locked until the transaction ends; in one order, so that none waits in a ring. */
    Map<String, SecurityGroup> lock(AccountId account, Region region, Collection<String> groupIds);

    /** Those of the ids that exist. */
    List<SecurityGroup> all(AccountId account, Region region, Collection<String> groupIds);

    /** False if the id is there, or the name is taken in its VPC. */
    boolean insert(SecurityGroup group);

    /** Keeps a group's next version, of a locked group. */
    void addRules(SecurityGroup after, Direction direction, List<Rule> rules);

    /** Keeps a group's next version, of a locked group. */
    void removeRule(SecurityGroup after, String ruleId);

    void delete(SecurityGroup group);

    /** Another group with a rule that names this one. */
    Optional<String> referencedBy(SecurityGroup group);
}
