package io.cumulet.spotmarket.domain.fleets;

import io.cumulet.catalog.InstanceTypeFacts;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps types out of a fleet that have the attributes which it asks for, but cost far more than others that have them. They
 * are compared with the cheapest of the current general purpose, compute and memory types (C, M, R) with the attributes; if
 * there is none, of all current types; if there is none, of all. Percentages are at least 0; {@link #NO_LIMIT} turns one off.
 *
 * <p>Unlike EC2 it goes by On-Demand prices for spot instances, too: most spot pools have no price before somebody asks for
 * them.
 *
 * @param spotPercentOver by how much a type may be dearer than that one and still be launched as spot; null: any
 * @param onDemandPercentOver likewise, to be launched on demand
 * @param spotPercentOfOnDemand what a spot instance costs at most, of that one's On-Demand price; null: no such limit
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-fleet-attribute-based-instance-type-selection.html">
 *     Price protection</a>
 */
public record PriceProtection(
        @Nullable Integer spotPercentOver,
        int onDemandPercentOver,
        @Nullable Integer spotPercentOfOnDemand) {

    public static final int NO_LIMIT = 999_999;
    public static final int USUAL_SPOT = 100;
    public static final int USUAL_ON_DEMAND = 20;

    private static final Set<String> COMPARED = Set.of("c", "m", "r");
    private static final BigDecimal ALL = BigDecimal.valueOf(100);

    /** A type with the attributes, and what it costs on demand. */
    public record Candidate(InstanceTypeFacts facts, HourlyRate onDemand) {}

    /**
     * A type that isn't too dear for at least one of the two.
     *
     * @param mostSpot what a spot instance may cost at most, USD per hour; null: what it would on demand
     */
    public record Admitted(
            InstanceType type,
            boolean asSpot,
            boolean onDemand,
            @Nullable HourlyRate mostSpot) {}

    /** Those that aren't too dear, the cheapest first. */
    public List<Admitted> admit(List<Candidate> candidates) {
        Optional<BigDecimal> compared = cheapest(candidates, facts -> facts.currentGeneration() && isCompared(facts))
                .or(() -> cheapest(candidates, InstanceTypeFacts::currentGeneration))
                .or(() -> cheapest(candidates, facts -> true));
        if (compared.isEmpty()) {
            return List.of();
        }
        BigDecimal least = compared.get();
        HourlyRate mostSpot = spotPercentOfOnDemand == null || spotPercentOfOnDemand >= NO_LIMIT
                ? null
                : new HourlyRate(percent(least, spotPercentOfOnDemand));
        return candidates.stream()
                .sorted(Comparator.comparing(Candidate::onDemand)
                        .thenComparing(candidate -> candidate.facts().type().value()))
                .map(candidate -> new Admitted(
                        candidate.facts().type(),
                        spotPercentOver == null || isWithin(candidate, least, spotPercentOver),
                        isWithin(candidate, least, onDemandPercentOver),
                        mostSpot))
                .filter(admitted -> admitted.asSpot || admitted.onDemand)
                .toList();
    }

    private static boolean isWithin(Candidate candidate, BigDecimal least, int percentOver) {
        return percentOver >= NO_LIMIT
                || candidate.onDemand().usd().compareTo(least.add(percent(least, percentOver))) <= 0;
    }

    private static BigDecimal percent(BigDecimal usd, int percent) {
        return usd.multiply(BigDecimal.valueOf(percent)).divide(ALL);
    }

    private static boolean isCompared(InstanceTypeFacts facts) {
        // Of m7i-flex and m4 the same: the letters before the generation.
        return COMPARED.contains(facts.family().split("\\d", 2)[0]);
    }

    private static Optional<BigDecimal> cheapest(List<Candidate> candidates, Predicate<InstanceTypeFacts> which) {
        return candidates.stream()
                .filter(candidate -> which.test(candidate.facts()))
                .map(candidate -> candidate.onDemand().usd())
                .min(Comparator.naturalOrder());
    }
}
