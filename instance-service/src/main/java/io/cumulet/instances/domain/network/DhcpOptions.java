package io.cumulet.instances.domain.network;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What instances of a VPC are to learn by DHCP. It doesn't change once it is made, but for its tags.
 *
 * @param values by key, such as {@code domain-name}
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/DHCPOptionSet.html">DHCP option sets</a>
 */
public record DhcpOptions(
        String id,
        AccountId account,
        Region region,
        SortedMap<String, List<String>> values,
        Map<String, String> tags,
        Instant createdAt) {

    private static final String FIELD = "dhcpConfigurations";
    private static final String DOMAIN_NAME = "domain-name";
    private static final String DOMAIN_NAME_SERVERS = "domain-name-servers";
    private static final String NODE_TYPE = "netbios-node-type";

    private static final Set<String> KEYS = Set.of(
            DOMAIN_NAME,
            DOMAIN_NAME_SERVERS,
            "ntp-servers",
            "netbios-name-servers",
            NODE_TYPE,
            "ipv6-address-preferred-lease-time");

    private static final Set<String> NODE_TYPES = Set.of("1", "2", "4", "8");
    private static final int MOST_SERVERS = 4;

    public DhcpOptions {
        tags = Map.copyOf(tags);
    }

    /** One option as a caller writes it, unchecked. */
    public record Option(@Nullable String key, @Nullable List<String> values) {}

    public static String defaultId(AccountId account, Region region) {
        return ResourceKind.DHCP_OPTIONS.derivedId(account.value(), region.value());
    }

    /** The set that an account's VPCs have unless their owner says otherwise. */
    public static DhcpOptions defaultOf(AccountId account, Region region, Instant now) {
        SortedMap<String, List<String>> values = new TreeMap<>();
        values.put(DOMAIN_NAME, List.of(region.privateDomain()));
        values.put(DOMAIN_NAME_SERVERS, List.of("AmazonProvidedDNS"));
        return new DhcpOptions(defaultId(account, region), account, region, values, Map.of(), now);
    }

    /** Options that go together; what is separated by commas are several values. */
    public static Outcome<SortedMap<String, List<String>>> checked(@Nullable List<Option> options) {
        if (options == null || options.isEmpty()) {
            return Outcome.refused(ErrorCode.MISSING_PARAMETER, FIELD, "'" + FIELD + "' is required");
        }
        SortedMap<String, List<String>> checked = new TreeMap<>();
        for (Option option : options) {
            String key = option.key();
            if (key == null || !KEYS.contains(key)) {
                return invalid("Value (" + key + ") for parameter key is invalid. Unknown DHCP option");
            }
            List<String> values = new ArrayList<>();
            for (String value : option.values() == null ? List.<String>of() : option.values()) {
                values.addAll(List.of(value.split("\\s*,\\s*")));
            }
            if (values.isEmpty() || values.stream().anyMatch(String::isBlank)) {
                return invalid("The option " + key + " has no value");
            }
            if (key.endsWith("-servers") && values.size() > MOST_SERVERS) {
                return invalid("The option " + key + " has at most " + MOST_SERVERS + " servers");
            }
            if (key.equals(NODE_TYPE) && !(values.size() == 1 && NODE_TYPES.contains(values.getFirst()))) {
                return invalid("The option " + key + " is one of 1, 2, 4 and 8");
            }
            if (checked.put(key, List.copyOf(values)) != null) {
                return invalid("The option " + key + " is given twice");
            }
        }
        return Outcome.done(checked);
    }

    private static <T> Outcome<T> invalid(String message) {
        return Outcome.refused(ErrorCode.INVALID_PARAMETER_VALUE, FIELD, message);
    }

    public DhcpOptions tagged(Map<String, String> newTags) {
        return new DhcpOptions(id, account, region, values, newTags, createdAt);
    }
}
