package io.cumulet.firewall.app;

import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The copy of who is in which group, kept from the instances' events. Every call is part of the running transaction; those
 * with an account and a region see these alone.
 */
public interface MemberStore {

    /**
     * What an instance's event told.
     *
     * @param version of the instance; the newest wins. {@value #ASKED} for what was asked for rather than told: it has no
     *     host, so that any event is better
     * @param members its interfaces, none once it is terminated
     */
    record Told(String instanceId, AccountId account, Region region, long version, List<Member> members) {}

    /** The version of what was asked for. */
    long ASKED = 0;

    /** Who an instance's interfaces were before and are now. */
    record Change(List<Member> before, List<Member> after) {}

    /** Takes news, at most one for each instance; older than what is known changes nothing. Answers what changed, by instance. */
    Map<String, Change> take(Collection<Told> newest);

    /** The members of any of these groups, in the order of their interfaces' ids. */
    List<Member> ofGroups(AccountId account, Region region, Collection<String> groupIds);

    /** Members of a group, and how many it has. */
    record GroupMembers(List<Member> first, int count) {}

    /** A group's members in a VPC, so many of them, in the order of their interfaces' ids. */
    GroupMembers ofGroup(AccountId account, Region region, String vpcId, String groupId, int most);

    /** An instance's interfaces; none if it isn't known, or is another's. */
    List<Member> ofInstance(AccountId account, Region region, String instanceId);

    /**
     * The members with one of these private or elastic addresses, in whatever VPC; what was told last comes first. For a moment two of a VPC
     * may have the same address, or one interface may be of two instances: when something changes hands, and only the new
     * owner has told.
     */
    List<Member> withAddresses(AccountId account, Region region, Collection<String> addresses);

    /** All of an account in a region, in the order of their interfaces' ids, those after the given one. */
    List<Member> all(AccountId account, Region region, String afterInterfaceId, int limit);

    /** All that a host runs, of whatever account; of two with the same interface, who told last comes last. */
    List<Member> onHosts(Collection<String> hostIds);
}
