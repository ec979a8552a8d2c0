package io.cumulet.instances.domain.network;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A virtual network of one account in one region. Immutable; a change makes the next version.
 *
 * @param cidrs its IPv4 blocks, the primary first; no two overlap
 * @param ipv6Cidr a /56; null unless it has one
 * @param version counts up by one with each change, from 1
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html">VPC CIDR blocks</a>
 */
public record Vpc(
        String id,
        AccountId account,
        Region region,
        List<Cidr> cidrs,
        @Nullable Cidr ipv6Cidr,
        boolean isDefault,
        VpcSettings settings,
        Map<String, String> tags,
        long version,
        Instant createdAt) {

    /** The block of every default VPC. */
    public static final Cidr DEFAULT_CIDR = Cidr.parse("172.31.0.0/16").orElseThrow();

    public Vpc {
        cidrs = List.copyOf(cidrs);
        tags = Map.copyOf(tags);
    }

    /** @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html">Default VPCs</a> */
    public static Vpc defaultOf(AccountId account, Region region, Instant now) {
        return defaultOf(account, region, 1, now);
    }

    /** @param version one more than it had when it was deleted; 1 the first time */
    public static Vpc defaultOf(AccountId account, Region region, long version, Instant now) {
        return new Vpc(
                DefaultNetwork.vpcId(account, region),
                account,
                region,
                List.of(DEFAULT_CIDR),
                null,
                true,
                VpcSettings.ofDefault(account, region),
                Map.of(),
                version,
                now);
    }

    private Vpc next(List<Cidr> newCidrs, @Nullable Cidr newIpv6Cidr, Map<String, String> newTags) {
        return new Vpc(
                id, account, region, newCidrs, newIpv6Cidr, isDefault, settings, newTags, version + 1, createdAt);
    }

    /** As it is told of when it goes. */
    public Vpc last() {
        return next(cidrs, ipv6Cidr, tags);
    }

    /** With these settings and tags; the same version if they are what it has. */
    public Vpc modified(VpcSettings newSettings, Map<String, String> newTags) {
        return newSettings.equals(settings) && newTags.equals(tags)
                ? this
                : new Vpc(
                        id, account, region, cidrs, ipv6Cidr, isDefault, newSettings, newTags, version + 1, createdAt);
    }

    /** The same version, without DHCP options. */
    public Vpc withoutDhcpOptions() {
        return new Vpc(
                id,
                account,
                region,
                cidrs,
                ipv6Cidr,
                isDefault,
                settings.withDhcpOptions(null),
                tags,
                version,
                createdAt);
    }

    /**
     * With a secondary IPv4 block.
     *
     * @param most how many it may have
     */
    public Outcome<Vpc> with(Cidr block, int most) {
        for (Cidr own : cidrs) {
            if (own.overlaps(block)) {
                return Outcome.refused(
                        ErrorCode.VPC_CIDR_CONFLICT,
                        "cidrBlock",
                        "The block " + block + " overlaps " + own + " of the VPC " + id);
            }
        }
        if (cidrs.size() >= most) {
            return Outcome.refused(tooManyBlocks("cidrBlock", most));
        }
        return Outcome.done(next(Stream.concat(cidrs.stream(), Stream.of(block)).toList(), ipv6Cidr, tags));
    }

    /** Why it can't get an IPv6 block; empty if it can. */
    public Optional<Refusal> cannotTakeIpv6() {
        return ipv6Cidr == null ? Optional.empty() : Optional.of(tooManyBlocks("amazonProvidedIpv6CidrBlock", 1));
    }

    private Refusal tooManyBlocks(String field, int most) {
        return Refusal.of(
                ErrorCode.VPC_CIDR_LIMIT_EXCEEDED,
                field,
                "This network " + id + " has met its maximum number of allowed CIDRs: " + most);
    }

    /** With an IPv6 block, which nobody else has. */
    public Vpc withIpv6(Cidr block) {
        return next(cidrs, block, tags);
    }

    /**
     * Without one of its blocks.
     *
     * @param subnets all that it has
     */
    public Outcome<Vpc> without(Cidr block, List<Subnet> subnets) {
        if (block.equals(cidrs.getFirst())) {
            return Outcome.refused(
                    ErrorCode.OPERATION_NOT_PERMITTED,
                    "cidrAssociationId",
                    "The vpc CIDR block with association ID " + associationId(block)
                            + " may not be disassociated. It is the primary IPv4 CIDR block of the VPC");
        }
        for (Subnet subnet : subnets) {
            Cidr ipv6 = subnet.ipv6Cidr();
            if (block.contains(subnet.cidr()) || ipv6 != null && block.contains(ipv6)) {
                return Outcome.refused(
                        ErrorCode.DEPENDENCY_VIOLATION,
                        "cidrAssociationId",
                        "The subnet " + subnet.id() + " has addresses of the block " + block);
            }
        }
        return Outcome.done(
                block.equals(ipv6Cidr)
                        ? next(cidrs, null, tags)
                        : next(cidrs.stream().filter(own -> !own.equals(block)).toList(), ipv6Cidr, tags));
    }

    /** The id of the association of one of its blocks, which follows from both. */
    public String associationId(Cidr block) {
        return ResourceKind.VPC_CIDR_ASSOCIATION.derivedId(id, block.toString());
    }

    /** Its blocks of both families, the primary first. */
    public List<Cidr> blocks() {
        return Stream.concat(cidrs.stream(), Optional.ofNullable(ipv6Cidr).stream())
                .toList();
    }

    /** The block of an association, of either family. */
    public Optional<Cidr> associated(String associationId) {
        return blocks().stream()
                .filter(block -> associationId(block).equals(associationId))
                .findFirst();
    }

    /**
     * Whether a new subnet with these blocks fits in beside the others.
     *
     * @param others all that it has
     * @param most how many it may have
     * @return why it doesn't; empty if it does
     */
    public Optional<Refusal> cannotHold(Cidr block, @Nullable Cidr ipv6, List<Subnet> others, int most) {
        if (cidrs.stream().noneMatch(own -> own.contains(block))) {
            return Optional.of(
                    Refusal.of(ErrorCode.INVALID_SUBNET_RANGE, "cidrBlock", "The CIDR '" + block + "' is invalid."));
        }
        for (Subnet other : others) {
            if (other.cidr().overlaps(block)) {
                return Optional.of(Refusal.of(
                        ErrorCode.SUBNET_CONFLICT,
                        "cidrBlock",
                        "The CIDR '" + block + "' conflicts with another subnet"));
            }
        }
        Optional<Refusal> ofIpv6 = ipv6 == null ? Optional.empty() : cannotHoldIpv6(ipv6, others);
        if (ofIpv6.isPresent()) {
            return ofIpv6;
        }
        return others.size() >= most
                ? Optional.of(
                        Refusal.of(ErrorCode.SUBNET_LIMIT_EXCEEDED, "vpcId", "A VPC has at most " + most + " subnets"))
                : Optional.empty();
    }

    /** Like {@link #cannotHold}, of an IPv6 block for a subnet. */
    public Optional<Refusal> cannotHoldIpv6(Cidr block, List<Subnet> others) {
        if (ipv6Cidr == null || !ipv6Cidr.contains(block)) {
            return Optional.of(Refusal.of(
                    ErrorCode.INVALID_SUBNET_RANGE,
                    "ipv6CidrBlock",
                    "The block " + block + " is not in the VPC " + id
                            + (ipv6Cidr == null ? ", which has no IPv6 block" : "'s " + ipv6Cidr)));
        }
        return others.stream()
                .filter(other -> block.equals(other.ipv6Cidr()))
                .findFirst()
                .map(other -> Refusal.of(
                        ErrorCode.SUBNET_CONFLICT,
                        "ipv6CidrBlock",
                        "The CIDR '" + block + "' conflicts with another subnet"));
    }
}
