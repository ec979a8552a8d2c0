package io.cumulet.instances.domain.network;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Numbered rules for what goes in and out of subnets. Immutable. The last rules, which deny what no other matches, aren't
 * kept.
 *
 * @param isDefault whether it is the one of its VPC's subnets that name no other
 * @param entries by direction and number, without the last ones
 * @param subnetIds the subnets that it counts for
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html">Network ACLs</a>
 */
public record NetworkAcl(
        String id,
        AccountId account,
        Region region,
        String vpcId,
        boolean isDefault,
        List<AclEntry> entries,
        List<String> subnetIds,
        Map<String, String> tags,
        Instant createdAt) {

    /** @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html">VPC quotas</a> */
    public static final int MOST_PER_VPC = 200;

    private static final int MOST_ENTRIES_OF_A_DIRECTION = 20;

    private static final Comparator<AclEntry> ORDER =
            Comparator.comparing(AclEntry::egress).thenComparing(AclEntry::ruleNumber);

    public NetworkAcl {
        entries = entries.stream().sorted(ORDER).toList();
        subnetIds = List.copyOf(subnetIds);
        tags = Map.copyOf(tags);
    }

    /** The one that a VPC is made with: it lets everything through. */
    public static NetworkAcl defaultOf(Vpc vpc, Instant now) {
        List<AclEntry> entries = new ArrayList<>();
        for (boolean egress : List.of(false, true)) {
            entries.add(AclEntry.everything(egress, IpFamily.IPV4));
            if (vpc.ipv6Cidr() != null) {
                entries.add(AclEntry.everything(egress, IpFamily.IPV6));
            }
        }
        return of(vpc, true, entries, Map.of(), now);
    }

    /** Another one: it lets nothing through. */
    public static NetworkAcl of(Vpc vpc, Map<String, String> tags, Instant now) {
        return of(vpc, false, List.of(), tags, now);
    }

    private static NetworkAcl of(
            Vpc vpc, boolean isDefault, List<AclEntry> entries, Map<String, String> tags, Instant now) {
        return new NetworkAcl(
                ResourceKind.NETWORK_ACL.newId(),
                vpc.account(),
                vpc.region(),
                vpc.id(),
                isDefault,
                entries,
                List.of(),
                tags,
                now);
    }

    /** The id of its association with a subnet, which follows from both. */
    public String associationId(String subnetId) {
        return ResourceKind.NETWORK_ACL_ASSOCIATION.derivedId(id, subnetId);
    }

    public Optional<AclEntry> entry(boolean egress, int ruleNumber) {
        return entries.stream()
                .filter(entry -> entry.egress() == egress && entry.ruleNumber() == ruleNumber)
                .findFirst();
    }

    /** Whether a new entry fits in. */
    public Outcome<AclEntry> adding(AclEntry wanted) {
        if (entry(wanted.egress(), wanted.ruleNumber()).isPresent()) {
            return Outcome.refused(
                    ErrorCode.NETWORK_ACL_ENTRY_ALREADY_EXISTS,
                    "ruleNumber",
                    "The network acl entry identified by " + wanted.ruleNumber() + " already exists.");
        }
        return entries.stream()
                                .filter(entry -> entry.egress() == wanted.egress())
                                .count()
                        >= MOST_ENTRIES_OF_A_DIRECTION
                ? Outcome.refused(
                        ErrorCode.NETWORK_ACL_ENTRY_LIMIT_EXCEEDED,
                        "ruleNumber",
                        "A network ACL has at most " + MOST_ENTRIES_OF_A_DIRECTION + " rules for a direction")
                : Outcome.done(wanted);
    }

    /** An entry that is there, to be replaced or deleted. */
    public Outcome<AclEntry> existing(boolean egress, int ruleNumber) {
        return entry(egress, ruleNumber)
                .<Outcome<AclEntry>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(
                        ErrorCode.NETWORK_ACL_ENTRY_NOT_FOUND,
                        "ruleNumber",
                        "The network acl entry identified by " + ruleNumber + " does not exist"));
    }

    public NetworkAcl tagged(Map<String, String> newTags) {
        return new NetworkAcl(id, account, region, vpcId, isDefault, entries, subnetIds, newTags, createdAt);
    }
}
