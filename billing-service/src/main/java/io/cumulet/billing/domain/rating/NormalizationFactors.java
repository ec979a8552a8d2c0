package io.cumulet.billing.domain.rating;

import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Tenancy;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * How much of a size-flexible Reserved Instance the sizes of a family use: small is 1, and what is twice as large counts
 * twice.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/apply_ri.html#ri-normalization-factor">Instance size
 *     flexibility</a>, which lists the sizes and, by family, bare metal
 */
public final class NormalizationFactors {

    /** Families whose Reserved Instances apply to their own size only. */
    private static final Set<String> NOT_FLEXIBLE = Set.of("g4ad", "g4dn", "g5", "g5g", "inf1");

    private static final BigFraction XLARGE = BigFraction.of(8);
    private static final Map<String, BigFraction> BY_SIZE = Map.of(
            "nano", BigFraction.of(1, 4),
            "micro", BigFraction.of(1, 2),
            "small", BigFraction.of(1),
            "medium", BigFraction.of(2),
            "large", BigFraction.of(4),
            "xlarge", XLARGE);
    private static final Pattern TIMES_XLARGE = Pattern.compile("([1-9][0-9]*)xlarge");

    private static final String METAL = "metal";
    private static final Map<BigFraction, Set<String>> METAL_FAMILIES = Map.of(
            BigFraction.of(32), Set.of("a1"),
            BigFraction.of(96), Set.of("m5zn", "z1d"),
            BigFraction.of(128), Set.of("c6g", "c6gd", "i3", "m6g", "m6gd", "r6g", "r6gd", "x2gd"),
            BigFraction.of(144), Set.of("c5n"),
            BigFraction.of(192),
                    Set.of("c5", "c5d", "i3en", "m5", "m5d", "m5dn", "m5n", "r5", "r5b", "r5d", "r5dn", "r5n"));
    private static final BigFraction HIGH_MEMORY_METAL = BigFraction.of(896);

    private NormalizationFactors() {}

    /** Whether Reserved Instances of a family may apply to other sizes of it. */
    public static boolean areFlexible(String family) {
        return !NOT_FLEXIBLE.contains(family);
    }

    /**
     * The factor of the type of Reserved Instances that discount other sizes of its family, too: regional ones, of Linux and
     * default tenancy. Empty for those that discount their own size alone.
     */
    public static Optional<BigFraction> ofFlexible(
            InstanceType type, OperatingSystem os, Tenancy tenancy, boolean isRegional) {
        return isRegional && os == OperatingSystem.LINUX && tenancy == Tenancy.DEFAULT && areFlexible(type.family())
                ? of(type)
                : Optional.empty();
    }

    /** Empty for a size that has none, such as bare metal of most families. */
    public static Optional<BigFraction> of(InstanceType type) {
        if (type.size().equals(METAL)) {
            return ofMetal(type.family());
        }
        Matcher timesXlarge = TIMES_XLARGE.matcher(type.size());
        if (timesXlarge.matches()) {
            return Optional.of(XLARGE.multiply(new BigInteger(timesXlarge.group(1))));
        }
        return Optional.ofNullable(BY_SIZE.get(type.size()));
    }

    private static Optional<BigFraction> ofMetal(String family) {
        if (family.startsWith("u-")) {
            return Optional.of(HIGH_MEMORY_METAL);
        }
        return METAL_FAMILIES.entrySet().stream()
                .filter(entry -> entry.getValue().contains(family))
                .map(Map.Entry::getKey)
                .findAny();
    }
}
