package io.cumulet.kernel;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.AddressStringParameters.RangeParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.IncompatibleAddressException;
import inet.ipaddr.ipv4.IPv4Address;
import inet.ipaddr.ipv6.IPv6Address;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Pattern;

/** Between text and addresses, by the IPAddress library, held to the plain forms that everybody reads alike. */
final class AddressText {

    /** The library knows many more notations (base 85, wildcards, hexadecimal IPv4); none gets past this. */
    private static final Pattern PLAIN = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:]+(:[0-9.]+)?");

    private static final IPAddressStringParameters STRICT = strict();

    private AddressText() {}

    private static IPAddressStringParameters strict() {
        IPAddressStringParameters.Builder strict = new IPAddressStringParameters.Builder()
                .allowEmpty(false)
                .allowAll(false)
                .allowSingleSegment(false)
                .allowPrefix(false)
                .allowMask(false)
                .allowWildcardedSeparator(false)
                .setRangeOptions(RangeParameters.NO_RANGE)
                .allow_inet_aton(false);
        strict.getIPv4AddressParametersBuilder().allowLeadingZeros(false).allowBinary(false);
        strict.getIPv6AddressParametersBuilder()
                .allowZone(false)
                .allowBase85(false)
                .allowBinary(false)
                .getEmbeddedIPv4AddressParametersBuilder()
                .allowLeadingZeros(false);
        return strict.toParams();
    }

    static Optional<IPAddress> parse(String text) {
        if (!PLAIN.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new IPAddressString(text, STRICT).toAddress());
        } catch (AddressStringException | IncompatibleAddressException e) {
            return Optional.empty();
        }
    }

    static String format(IpAddress address) {
        return switch (address.family()) {
            case IPV4 -> new IPv4Address((int) address.low()).toCanonicalString();
            case IPV6 ->
                new IPv6Address(ByteBuffer.allocate(16)
                                .putLong(address.high())
                                .putLong(address.low())
                                .array())
                        .toCanonicalString();
        };
    }
}
