package io.cumulet.kernel;

import inet.ipaddr.IPAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of addresses such as {@code 10.0.0.0/8}. Host bits are cut off: {@code 10.1.2.3/8} is {@code 10.0.0.0/8}, as
 * EC2 keeps it.
 *
 * @param network the first address of the block
 */
public record Cidr(IpAddress network, int prefixLength) {

    private static final Pattern FORM = Pattern.compile("([^/]+)/(0|[1-9][0-9]{0,2})");

    public static final Cidr EVERY_IPV4 = new Cidr(new IpAddress(IpFamily.IPV4, 0, 0), 0);

    public static final Cidr EVERY_IPV6 = new Cidr(new IpAddress(IpFamily.IPV6, 0, 0), 0);

    public Cidr {
        if (!masked(network, prefixLength).equals(network)) {
            throw new IllegalArgumentException("A block starts at its network: " + network + "/" + prefixLength);
        }
    }

    /** Reads a block; empty if the text isn't an address, a slash and a prefix length of its family. */
    public static Optional<Cidr> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        int prefixLength = Integer.parseInt(form.group(2));
        return AddressText.parse(form.group(1))
                .filter(address -> prefixLength <= address.getBitCount())
                .map(address -> of(address, prefixLength));
    }

    private static Cidr of(IPAddress address, int prefixLength) {
        return new Cidr(IpAddress.of(address.toPrefixBlock(prefixLength).getLower()), prefixLength);
    }

    /** Whether a whole block is in this one; a block is in itself. */
    public boolean contains(Cidr other) {
        return other.prefixLength >= prefixLength && contains(other.network);
    }

    /** Whether two blocks have an address in common: then one is in the other. */
    public boolean overlaps(Cidr other) {
        return contains(other) || other.contains(this);
    }

    /** How many bits of an address are free in this block: 2 to the power of it is the number of its addresses. */
    public int hostBits() {
        return family().addressBits() - prefixLength;
    }

    /** The address at a distance from the first; {@code offset} counts without a sign and has to be in the block. */
    public IpAddress address(long offset) {
        IpAddress address = network.plus(offset);
        if (!contains(address)) {
            throw new IllegalArgumentException("Not in " + this + ": number " + Long.toUnsignedString(offset));
        }
        return address;
    }

    public IpFamily family() {
        return network.family();
    }

    /** Whether an address is in the block; never for one of the other family. */
    public boolean contains(IpAddress address) {
        return address.family() == network.family()
                && ((address.high() ^ network.high()) & highMask(network.family(), prefixLength)) == 0
                && ((address.low() ^ network.low()) & lowMask(network.family(), prefixLength)) == 0;
    }

    /** The first address of the block of this length that an address is in. */
    public static IpAddress masked(IpAddress address, int prefixLength) {
        IpFamily family = address.family();
        if (prefixLength < 0 || prefixLength > family.addressBits()) {
            throw new IllegalArgumentException("No prefix length of " + family + ": " + prefixLength);
        }
        return new IpAddress(
                family, address.high() & highMask(family, prefixLength), address.low() & lowMask(family, prefixLength));
    }

    private static long highMask(IpFamily family, int prefixLength) {
        return family == IpFamily.IPV4 ? 0 : leading(Math.min(prefixLength, 64));
    }

    private static long lowMask(IpFamily family, int prefixLength) {
        return family == IpFamily.IPV4 ? leading(prefixLength) >>> 32 : leading(Math.max(prefixLength - 64, 0));
    }

    /** A word of so many ones, then zeros. A shift by 64 would be one by 0. */
    private static long leading(int ones) {
        return ones == 0 ? 0 : -1L << (64 - ones);
    }

    @Override
    public String toString() {
        return network + "/" + prefixLength;
    }
}
