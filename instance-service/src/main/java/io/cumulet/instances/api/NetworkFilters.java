package io.cumulet.instances.api;

import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.Vpc;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Query parameters as a filter of VPCs and subnets: a parameter given several times asks for any of its values. The id of a
 * VPC or subnet that is listed is refused if it names nothing of the caller's, and so is a value that can't be, rather than
 * finding nothing. A subnet's VPC is only compared.
 */
final class NetworkFilters {

    /** VPCs and subnets are there as soon as they are made. */
    static final String AVAILABLE = "available";

    private static final String TAG = "tag:";
    private static final String TAG_KEY = "tagKey";

    private NetworkFilters() {}

    /** @param find finds a VPC of the caller's by its id */
    static Predicate<Vpc> vpcs(MultivaluedMap<String, String> query, Function<String, Outcome<Vpc>> find) {
        Predicate<Vpc> wanted = vpc -> true;
        for (Map.Entry<String, List<String>> parameter : query.entrySet()) {
            String name = parameter.getKey();
            List<String> values = parameter.getValue();
            wanted = wanted.and(
                    switch (name) {
                        case "vpcId" -> {
                            values.forEach(id -> find.apply(id).orThrow());
                            yield vpc -> values.contains(vpc.id());
                        }
                        case "cidrBlock" -> {
                            List<Cidr> blocks = blocks(name, values);
                            yield vpc -> vpc.cidrs().stream().anyMatch(blocks::contains);
                        }
                        case "ipv6CidrBlock" -> {
                            List<Cidr> blocks = blocks(name, values);
                            yield vpc -> isOneOf(vpc.ipv6Cidr(), blocks);
                        }
                        case "isDefault" -> {
                            List<Boolean> answers = booleans(name, values);
                            yield vpc -> answers.contains(vpc.isDefault());
                        }
                        case "state" -> vpc -> values.contains(AVAILABLE);
                        default -> {
                            Predicate<Map<String, String>> ofTags = tags(name, values);
                            yield vpc -> ofTags.test(vpc.tags());
                        }
                    });
        }
        return wanted;
    }

    /** @param find finds a subnet of the caller's by its id */
    static Predicate<Subnet> subnets(
            MultivaluedMap<String, String> query, Region region, Function<String, ? extends Outcome<?>> find) {
        Predicate<Subnet> wanted = subnet -> true;
        for (Map.Entry<String, List<String>> parameter : query.entrySet()) {
            String name = parameter.getKey();
            List<String> values = parameter.getValue();
            wanted = wanted.and(
                    switch (name) {
                        case "subnetId" -> {
                            values.forEach(id -> find.apply(id).orThrow());
                            yield subnet -> values.contains(subnet.id());
                        }
                        case "vpcId" -> subnet -> values.contains(subnet.vpcId());
                        case "availabilityZone" -> {
                            values.forEach(zone -> mustBeZone(name, zone, region));
                            yield subnet -> values.contains(subnet.zone().value());
                        }
                        case "cidrBlock" -> {
                            List<Cidr> blocks = blocks(name, values);
                            yield subnet -> blocks.contains(subnet.cidr());
                        }
                        case "ipv6CidrBlock" -> {
                            List<Cidr> blocks = blocks(name, values);
                            yield subnet -> isOneOf(subnet.ipv6Cidr(), blocks);
                        }
                        case "defaultForAz" -> {
                            List<Boolean> answers = booleans(name, values);
                            yield subnet -> answers.contains(subnet.isDefault());
                        }
                        case "state" -> subnet -> values.contains(AVAILABLE);
                        default -> {
                            Predicate<Map<String, String>> ofTags = tags(name, values);
                            yield subnet -> ofTags.test(subnet.tags());
                        }
                    });
        }
        return wanted;
    }

    /** Any other parameter is about the page, not about what is on it. */
    private static Predicate<Map<String, String>> tags(String name, List<String> values) {
        if (name.startsWith(TAG)) {
            String key = name.substring(TAG.length());
            return tags -> tags.containsKey(key) && values.contains(tags.get(key));
        }
        return name.equals(TAG_KEY) ? tags -> tags.keySet().containsAll(values) : tags -> true;
    }

    private static boolean isOneOf(@Nullable Cidr block, List<Cidr> blocks) {
        return block != null && blocks.contains(block);
    }

    private static List<Cidr> blocks(String name, List<String> values) {
        return values.stream()
                .map(value -> Cidr.parse(value)
                        .orElseThrow(() -> invalid(name, "'" + value + "' is no block such as 10.0.0.0/16")))
                .toList();
    }

    private static List<Boolean> booleans(String name, List<String> values) {
        for (String value : values) {
            if (!value.equals("true") && !value.equals("false")) {
                throw invalid(name, "true or false, not '" + value + "'");
            }
        }
        return values.stream().map(Boolean::valueOf).toList();
    }

    private static void mustBeZone(String name, String zone, Region region) {
        if (!Filters.isZone(zone, region)) {
            throw Refusal.of(
                            ErrorCode.INVALID_AVAILABILITY_ZONE,
                            name,
                            "The zone '" + zone + "' does not exist in " + region)
                    .asException();
        }
    }

    private static RuntimeException invalid(String name, String message) {
        return Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, name, message).asException();
    }
}
