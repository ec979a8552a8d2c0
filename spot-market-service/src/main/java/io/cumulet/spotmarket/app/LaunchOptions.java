package io.cumulet.spotmarket.app;

import io.cumulet.contract.ContractJson;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a launch says besides what the market has to know, in the words of the instance service's {@code POST /v1/instances}.
 * The instance service alone knows what they mean: it is asked when a request is made.
 */
public final class LaunchOptions {

    /** Those that say nothing of what the market decides: neither type, place and price nor how many. */
    private static final Set<String> KNOWN = Set.of(
            "associatePublicIpAddress",
            "cpuOptions",
            "creditSpecification",
            "disableApiStop",
            "ebsOptimized",
            "enclaveOptions",
            "hibernationOptions",
            "iamInstanceProfile",
            "instanceInitiatedShutdownBehavior",
            "maintenanceOptions",
            "metadataOptions",
            "monitoring",
            "networkInterfaceTags",
            "privateDnsNameOptions");

    private static final int LONGEST = 4_096;

    private LaunchOptions() {}

    /**
     * Options as they are kept, the same text for the same options; null if there are none.
     *
     * @throws io.cumulet.kernel.RefusedException for one that isn't known, or too many
     */
    public static @Nullable String write(String field, @Nullable Map<String, Object> options) {
        if (options == null || options.isEmpty()) {
            return null;
        }
        for (String name : options.keySet()) {
            if (!KNOWN.contains(name)) {
                throw Refusal.of(
                                ErrorCode.INVALID_PARAMETER_VALUE,
                                field + "." + name,
                                "It is one of "
                                        + String.join(
                                                ", ", KNOWN.stream().sorted().toList()))
                        .asException();
            }
        }
        String text = text(options);
        if (text.length() > LONGEST) {
            throw Refusal.of(
                            ErrorCode.INVALID_PARAMETER_VALUE,
                            field,
                            "They are at most " + LONGEST + " characters long")
                    .asException();
        }
        return text;
    }

    /** Options that the instance service itself tells, as they are kept; null if there are none. */
    static @Nullable String told(@Nullable Map<String, Object> options) {
        return options == null || options.isEmpty() ? null : text(options);
    }

    private static String text(Map<String, Object> options) {
        return new String(ContractJson.write(new TreeMap<>(options)), StandardCharsets.UTF_8);
    }

    /** Options as they are kept; null if there are none. */
    @SuppressWarnings("unchecked")
    public static @Nullable Map<String, Object> read(@Nullable String text) {
        try {
            return text == null ? null : ContractJson.read(text.getBytes(StandardCharsets.UTF_8), Map.class);
        } catch (IOException e) {
            throw new IllegalStateException("A launch's options can't be read: " + text, e);
        }
    }
}
