package io.cumulet.kernel;

import inet.ipaddr.IPAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One IPv4 or IPv6 address, as bits, so that comparing it with a rule costs nothing. An IPv4 address is the low 32 bits
 * of {@code low}.
 *
 * @param high the first 64 bits of an IPv6 address
 * @param low the last 64 bits
 */
public record IpAddress(IpFamily family, long high, long low) {

    /**
     * Reads an address, of either family.
     *
     * @return empty for anything else: host names, ranges, blocks, zones, octets with leading zeros (some read them as
     *     octal)
     */
    public static Optional<IpAddress> parse(String text) {
        return AddressText.parse(text).map(IpAddress::of);
    }

    static IpAddress of(IPAddress parsed) {
        ByteBuffer bytes = ByteBuffer.wrap(parsed.getBytes());
        return parsed.isIPv4()
                ? new IpAddress(IpFamily.IPV4, 0, Integer.toUnsignedLong(bytes.getInt()))
                : new IpAddress(IpFamily.IPV6, bytes.getLong(), bytes.getLong());
    }

    /** The address so many after this one, without a sign; the one after the last is the first. */
    public IpAddress plus(long distance) {
        return switch (family) {
            case IPV4 -> new IpAddress(family, 0, (low + distance) & 0xffff_ffffL);
            case IPV6 -> {
                long sum = low + distance;
                yield new IpAddress(family, Long.compareUnsigned(sum, low) < 0 ? high + 1 : high, sum);
            }
        };
    }

    /** How many addresses after another of its family this one is, as far as 64 bits tell. */
    public long minus(IpAddress other) {
        return low - other.low;
    }

    /** The one canonical form (RFC 5952 for IPv6). */
    @Override
    public String toString() {
        return AddressText.format(this);
    }
}
