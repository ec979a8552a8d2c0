package io.cumulet.billing.domain.commitments;

import io.cumulet.billing.domain.commitments.PurchasedCommitment.Reason;
import io.cumulet.billing.domain.rating.Fees;
import io.cumulet.billing.domain.rating.NormalizationFactors;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/**
 * Standard Reserved Instances of Linux in another form: zone or region, and size within the family, as long as they are worth
 * as many normalized units. What they cost stays the same in each hour.
 *
 * @param reserved what is modified
 * @param targets what it becomes
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ri-modifying.html">Modify Reserved Instances</a>
 */
public record Modification(List<PurchasedCommitment> reserved, List<Target> targets) {

    static final String IDS = "reservedInstancesIds";
    static final String TARGETS = "targetConfigurations";

    /**
     * What some of them become.
     *
     * @param zone where they apply; null for the whole region
     */
    public record Target(@Nullable AvailabilityZone zone, InstanceType type, int count) {}

    /** What modified Reserved Instances have in common, and what to call it. */
    private record Common(String name, Function<Holding, Object> of) {}

    private static final List<Common> COMMON = List.of(
            new Common("region", held -> held.terms().region()),
            new Common("operating system", held -> held.terms().os()),
            new Common("instance family", held -> held.terms().instanceType().family()),
            new Common("payment option", held -> held.terms().paymentOption()),
            new Common("term", held -> held.terms().years()),
            new Common("end", held -> held.commitment().agreedEnd()));

    /**
     * Decides on the modification at a moment; it counts from the start of that clock hour.
     *
     * @param ids an id for each new commitment
     */
    public Outcome<Replacement> decide(Instant now, Supplier<String> ids) {
        return Holding.of(reserved, now, IDS)
                .flatMap(held -> fault(held)
                        .map(Outcome::<Replacement>refused)
                        .orElseGet(() -> Outcome.done(replacement(held, now, ids))));
    }

    private Optional<Refusal> fault(List<Holding> held) {
        if (held.isEmpty()) {
            return invalid(IDS, "Name what is to be modified");
        }
        if (targets.isEmpty()) {
            return invalid(TARGETS, "Say what they are to become");
        }
        return heldFault(held).or(() -> targetFault(held.getFirst().terms())).or(() -> unitsFault(held));
    }

    private static Optional<Refusal> heldFault(List<Holding> held) {
        Set<String> ids = new HashSet<>();
        for (Holding one : held) {
            String id = one.commitment().id();
            if (!ids.add(id)) {
                return invalid(IDS, id + " is named twice");
            }
            if (one.terms().offeringClass() != OfferingClass.STANDARD) {
                return invalid(IDS, id + " is convertible: exchange it");
            }
            if (one.terms().os() != OperatingSystem.LINUX) {
                return invalid(
                        IDS,
                        "Only Linux can be modified, " + id + " is "
                                + one.terms().os().code());
            }
        }
        Holding first = held.getFirst();
        return COMMON.stream()
                .filter(common -> held.stream()
                        .anyMatch(one ->
                                !common.of().apply(one).equals(common.of().apply(first))))
                .findFirst()
                .flatMap(common ->
                        invalid(IDS, "What is modified together has the same " + common.name() + "; these differ"));
    }

    private Optional<Refusal> targetFault(Terms.ReservedInstances terms) {
        for (int i = 0; i < targets.size(); i++) {
            Target target = targets.get(i);
            String place = TARGETS + "[" + i + "].";
            if (target.count() < 1) {
                return invalid(place + "instanceCount", "It is 1 at least, not " + target.count());
            }
            if (!target.type().family().equals(terms.instanceType().family())) {
                return invalid(
                        place + "instanceType",
                        "It stays in the family " + terms.instanceType().family() + "; " + target.type() + " doesn't");
            }
            if (target.zone() != null && !target.zone().region().equals(terms.region())) {
                return invalid(place + "availabilityZone", target.zone() + " isn't in " + terms.region());
            }
        }
        return Optional.empty();
    }

    private Optional<Refusal> unitsFault(List<Holding> held) {
        InstanceType type = held.getFirst().terms().instanceType();
        if (!isOfOneType(held) && !NormalizationFactors.areFlexible(type.family())) {
            return invalid(TARGETS, "Sizes of the family " + type.family() + " can't be changed into each other");
        }
        for (int i = 0; i < targets.size(); i++) {
            if (units(held, targets.get(i).type()).isEmpty()) {
                return invalid(
                        TARGETS + "[" + i + "].instanceType",
                        "The size of " + targets.get(i).type() + " has no normalization factor");
            }
        }
        if (held.stream()
                .anyMatch(one -> units(held, one.terms().instanceType()).isEmpty())) {
            return invalid(IDS, "The size of " + type + " has no normalization factor");
        }
        BigFraction before = unitsOf(held);
        BigFraction after =
                targets.stream().map(target -> units(held, target)).reduce(BigFraction.ZERO, BigFraction::add);
        return before.equals(after)
                ? Optional.empty()
                : invalid(
                        TARGETS,
                        "What they are worth stays the same, counted in units: these are worth "
                                + Amounts.decimal(after) + ", not " + Amounts.decimal(before));
    }

    /** Then it doesn't matter what the size is worth. */
    private boolean isOfOneType(List<Holding> held) {
        InstanceType type = held.getFirst().terms().instanceType();
        return held.stream().allMatch(one -> one.terms().instanceType().equals(type))
                && targets.stream().allMatch(target -> target.type().equals(type));
    }

    private Optional<BigFraction> units(List<Holding> held, InstanceType type) {
        return isOfOneType(held) ? Optional.of(BigFraction.ONE) : NormalizationFactors.of(type);
    }

    private BigFraction units(List<Holding> held, Target target) {
        return units(held, target.type()).orElseThrow().multiply(target.count());
    }

    private BigFraction unitsOf(List<Holding> held) {
        return held.stream()
                .map(one -> units(held, one.terms().instanceType())
                        .orElseThrow()
                        .multiply(one.terms().count()))
                .reduce(BigFraction.ZERO, BigFraction::add);
    }

    /** Each unit gets the same part of what all of them cost. */
    private Replacement replacement(List<Holding> held, Instant now, Supplier<String> ids) {
        Holding first = held.getFirst();
        Fees feesOfUnit = held.stream()
                .map(Holding::feesLeft)
                .reduce(Fees::plus)
                .orElseThrow()
                .times(unitsOf(held).reciprocal());
        Instant purchasedAt = latest(held, PurchasedCommitment::purchasedAt);
        Instant heldSince = latest(held, PurchasedCommitment::heldSince);
        List<PurchasedCommitment> successors = targets.stream()
                .map(target -> new PurchasedCommitment(
                        ids.get(),
                        first.commitment().account(),
                        new Terms.ReservedInstances(
                                first.terms().region(),
                                target.zone(),
                                target.type(),
                                first.terms().os(),
                                first.terms().offeringClass(),
                                first.terms().years(),
                                first.terms().paymentOption(),
                                target.count(),
                                feesOfUnit.times(units(held, target.type()).orElseThrow())),
                        purchasedAt,
                        now,
                        heldSince,
                        first.commitment().agreedEnd(),
                        null,
                        null,
                        1))
                .toList();
        return Replacement.of(Reason.MODIFIED, first.hour(), reserved, successors);
    }

    private static Instant latest(List<Holding> held, Function<PurchasedCommitment, Instant> moment) {
        return held.stream()
                .map(one -> moment.apply(one.commitment()))
                .max(Instant::compareTo)
                .orElseThrow();
    }

    private static Optional<Refusal> invalid(String field, String message) {
        return Optional.of(Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, field, message));
    }
}
