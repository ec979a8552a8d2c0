package io.cumulet.instances.domain.network;

import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Outcome;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Blocks as callers write them. Host bits are cut off, as EC2 does. */
public final class Blocks {

    /** IPv4 blocks of VPCs and subnets have from this prefix length … */
    public static final int LARGEST = 16;

    /** … to this one. */
    public static final int SMALLEST = 28;

    public static final int VPC_IPV6 = 56;
    public static final int SUBNET_IPV6 = 64;

    /**
     * What no network of one's own is made of: this network, loopback, link-local, multicast and what is reserved.
     *
     * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry/">IANA special-purpose addresses</a>
     */
    private static final List<Cidr> NOT_FOR_VPCS = Stream.of(
                    "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3")
            .map(block -> Cidr.parse(block).orElseThrow())
            .toList();

    private Blocks() {}

    /** A VPC's IPv4 block. */
    public static Outcome<Cidr> ipv4OfVpc(String field, @Nullable String text) {
        return ipv4(field, text, ErrorCode.INVALID_VPC_RANGE)
                .flatMap(block -> NOT_FOR_VPCS.stream()
                        .filter(block::overlaps)
                        .findFirst()
                        .<Outcome<Cidr>>map(reserved -> Outcome.refused(
                                ErrorCode.INVALID_VPC_RANGE, field, "The CIDR '" + text + "' is invalid."))
                        .orElseGet(() -> Outcome.done(block)));
    }

    /**
     * An IPv4 block of a VPC's or subnet's size.
     *
     * @param wrongSize the code for one that is too large or too small
     */
    public static Outcome<Cidr> ipv4(String field, @Nullable String text, ErrorCode wrongSize) {
        return block(field, text, IpFamily.IPV4)
                .flatMap(block -> block.prefixLength() < LARGEST || block.prefixLength() > SMALLEST
                        ? Outcome.refused(wrongSize, field, "The CIDR '" + text + "' is invalid.")
                        : Outcome.done(block));
    }

    /** The /64 of a subnet. */
    public static Outcome<Cidr> ipv6OfSubnet(String field, @Nullable String text) {
        return block(field, text, IpFamily.IPV6)
                .flatMap(block -> block.prefixLength() != SUBNET_IPV6
                        ? Outcome.refused(
                                ErrorCode.INVALID_SUBNET_RANGE,
                                field,
                                "The CIDR '" + text + "' is invalid: a subnet's IPv6 block is a /" + SUBNET_IPV6)
                        : Outcome.done(block));
    }

    private static Outcome<Cidr> block(String field, @Nullable String text, IpFamily family) {
        if (text == null || text.isEmpty()) {
            return Outcome.refused(ErrorCode.MISSING_PARAMETER, field, "'" + field + "' is required");
        }
        return Cidr.parse(text)
                .filter(block -> block.family() == family)
                .map(Outcome::done)
                .orElseGet(() -> Outcome.refused(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        field,
                        "Value (" + text + ") for parameter " + field
                                + " is invalid. This is not a valid CIDR block."));
    }
}
