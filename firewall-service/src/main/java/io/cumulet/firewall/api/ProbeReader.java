package io.cumulet.firewall.api;

import io.cumulet.firewall.domain.reachability.Probe;
import io.cumulet.firewall.domain.traffic.Traffic;
import io.cumulet.firewall.domain.traffic.Transport;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads what kind of packet is asked about, from a body or from a query; the same words and faults in both. */
final class ProbeReader {

    private static final String ICMP_TYPE = "icmpType";
    private static final String ICMP_CODE = "icmpCode";

    private ProbeReader() {}

    /** Where the fields stand. */
    private interface Fields {
        boolean has(String field);

        Optional<String> text(String field);

        OptionalInt number(String field, int most);
    }

    /** @param portField what the port is called there */
    static Probe read(JsonPlace json, String portField) {
        return read(
                new Fields() {
                    @Override
                    public boolean has(String field) {
                        return json.has(field);
                    }

                    @Override
                    public Optional<String> text(String field) {
                        return json.optional(field).map(JsonPlace::text);
                    }

                    @Override
                    public OptionalInt number(String field, int most) {
                        return json.optional(field)
                                .map(place -> OptionalInt.of(place.wholeNumber(0, most)))
                                .orElse(OptionalInt.empty());
                    }
                },
                portField);
    }

    /** @param query those of the parameters that were given */
    static Probe read(Map<String, String> query, String portField) {
        return read(
                new Fields() {
                    @Override
                    public boolean has(String field) {
                        return query.containsKey(field);
                    }

                    @Override
                    public Optional<String> text(String field) {
                        return Optional.ofNullable(query.get(field));
                    }

                    @Override
                    public OptionalInt number(String field, int most) {
                        String text = query.get(field);
                        return text == null ? OptionalInt.empty() : OptionalInt.of(wholeNumber(field, text, most));
                    }
                },
                portField);
    }

    private static int wholeNumber(String field, String text, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused below.
        }
        throw refused(
                ErrorCode.INVALID_PARAMETER_VALUE,
                field,
                field + ": a whole number from 0 to " + most + " is expected here; not '" + text + "'");
    }

    private static Probe read(Fields fields, String portField) {
        String protocol = fields.text("protocol").orElseThrow(() -> missing("protocol"));
        return switch (protocol) {
            case "tcp" -> toPort(fields, Transport.TCP, portField);
            case "udp" -> toPort(fields, Transport.UDP, portField);
            case "icmp" -> icmp(fields, IpFamily.IPV4, portField);
            case "icmpv6" -> icmp(fields, IpFamily.IPV6, portField);
            default -> {
                int number = RuleReader.number(protocol)
                        .orElseThrow(() -> refused(
                                ErrorCode.INVALID_PARAMETER_VALUE,
                                "protocol",
                                "A packet's protocol is tcp, udp, icmp, icmpv6, or a number from 0 to 255; not '"
                                        + protocol + "'"));
                refuseAny(fields, List.of(portField, ICMP_TYPE, ICMP_CODE));
                yield Probe.ofProtocol(number);
            }
        };
    }

    private static Probe toPort(Fields fields, Transport transport, String portField) {
        refuseAny(fields, List.of(ICMP_TYPE, ICMP_CODE));
        return Probe.toPort(
                transport, fields.number(portField, Traffic.HIGHEST_PORT).orElseThrow(() -> missing(portField)));
    }

    /** Without a type it is what {@code ping} sends. */
    private static Probe icmp(Fields fields, IpFamily family, String portField) {
        refuseAny(fields, List.of(portField));
        Probe ping = Probe.ping(family);
        OptionalInt type = fields.number(ICMP_TYPE, Traffic.HIGHEST_NUMBER);
        OptionalInt code = fields.number(ICMP_CODE, Traffic.HIGHEST_NUMBER);
        if (type.isEmpty() && code.isPresent()) {
            throw missing(ICMP_TYPE);
        }
        return Probe.icmp(family, type.orElse(ping.icmpType()), code.orElse(0));
    }

    private static void refuseAny(Fields fields, List<String> names) {
        for (String name : names) {
            if (fields.has(name)) {
                throw refused(ErrorCode.INVALID_PARAMETER_COMBINATION, name, "This protocol has no " + name);
            }
        }
    }

    private static RefusedException missing(String field) {
        return refused(ErrorCode.MISSING_PARAMETER, field, "The field " + field + " is missing");
    }

    private static RefusedException refused(ErrorCode code, String field, String message) {
        return Refusal.of(code, field, message).asException();
    }

    /**
     * The family that is asked about.
     *
     * @param said {@code ipv4} or {@code ipv6}; null if the caller doesn't say
     * @param ofAddress what an address in the request has; null if it has none
     */
    static IpFamily family(@Nullable String said, Probe probe, @Nullable IpFamily ofAddress) {
        IpFamily ofProbe = probe.family().orElse(null);
        IpFamily known = ofAddress == null ? ofProbe : ofAddress;
        if (ofAddress != null && ofProbe != null && ofAddress != ofProbe) {
            throw refused(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "protocol",
                    "icmp is for IPv4 addresses, icmpv6 for IPv6 addresses");
        }
        if (said == null) {
            return known == null ? IpFamily.IPV4 : known;
        }
        IpFamily family = switch (said) {
            case "ipv4" -> IpFamily.IPV4;
            case "ipv6" -> IpFamily.IPV6;
            default ->
                throw refused(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        "addressFamily",
                        "An address family is ipv4 or ipv6; not '" + said + "'");
        };
        if (known != null && known != family) {
            throw refused(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "addressFamily",
                    "The protocol or an address is of the other family");
        }
        return family;
    }
}
