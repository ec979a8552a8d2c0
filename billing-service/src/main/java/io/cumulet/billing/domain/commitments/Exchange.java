package io.cumulet.billing.domain.commitments;

import io.cumulet.billing.domain.commitments.PurchasedCommitment.Reason;
import io.cumulet.billing.domain.rating.Fees;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Refusal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/**
 * Convertible Reserved Instances given back for others of at least the same remaining value.
 *
 * @param reserved what is given back
 * @param wanted what is wanted for it
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ri-convertible-exchange.html">Exchange Convertible
 *     Reserved Instances</a>
 */
public record Exchange(List<PurchasedCommitment> reserved, List<Wanted> wanted) {

    private static final String IDS = "reservedInstancesIds";
    private static final String OFFERINGS = "targetOfferings";
    private static final Duration LEAST_LEFT = Duration.ofHours(24);
    private static final int MOST_AT_ONCE = 10_000;

    /**
     * What is wanted.
     *
     * @param offering one of them, at today's price, for its whole term
     * @param count how many; null for as many as are needed to reach the value of what is given back, of one offering at most
     */
    public record Wanted(
            Terms.ReservedInstances offering, @Nullable Integer count) {}

    /**
     * What an exchange comes to.
     *
     * @param successorsEndAt when all that is got ends
     * @param upfrontLeft what was paid upfront for the hours that are left of what is given back
     * @param valueLeft the same and the hourly fees of those hours
     * @param newUpfront what the offerings cost upfront, for the hours that are left
     * @param newValue the same and the hourly fees of those hours
     * @param got what is got, with the number of each
     */
    public record Quote(
            Instant hour,
            Instant successorsEndAt,
            BigFraction upfrontLeft,
            BigFraction valueLeft,
            BigFraction newUpfront,
            BigFraction newValue,
            List<Got> got) {

        /** To be paid at once: what the new ones cost upfront more than was paid for the old ones. */
        public BigFraction trueUp() {
            BigFraction difference = newUpfront.subtract(upfrontLeft);
            return difference.signum() > 0 ? difference : BigFraction.ZERO;
        }
    }

    /**
     * What is got of an offering.
     *
     * @param unitFees what one costs in the hours that are left, by the list
     */
    public record Got(Terms.ReservedInstances offering, int count, Fees unitFees, long hours) {

        BigFraction value() {
            return Exchange.value(unitFees, hours).multiply(count);
        }

        BigFraction upfront() {
            return unitFees.upfront().multiply(count);
        }
    }

    /** What the exchange would come to at a moment. */
    public Outcome<Quote> quote(Instant now) {
        return Holding.of(reserved, now, IDS)
                .flatMap(held -> fault(held, now).map(Outcome::<Quote>refused).orElseGet(() -> quote(held)));
    }

    /**
     * Decides on the exchange at a moment; it counts from the start of that clock hour.
     *
     * @param ids an id for each new commitment
     */
    public Outcome<Replacement> decide(Instant now, Supplier<String> ids) {
        return quote(now)
                .flatMap(quote -> Holding.of(reserved, now, IDS).map(held -> replacement(held, quote, now, ids)));
    }

    private Optional<Refusal> fault(List<Holding> held, Instant now) {
        if (held.isEmpty()) {
            return invalid(IDS, "Name what is to be exchanged");
        }
        if (wanted.isEmpty()) {
            return invalid(OFFERINGS, "Say what is wanted for it");
        }
        Set<String> ids = new HashSet<>();
        for (Holding one : held) {
            String id = one.commitment().id();
            if (!ids.add(id)) {
                return invalid(IDS, id + " is named twice");
            }
            if (one.terms().offeringClass() != OfferingClass.CONVERTIBLE) {
                return invalid(IDS, id + " isn't convertible");
            }
            if (Duration.between(now, one.commitment().agreedEnd()).compareTo(LEAST_LEFT) < 0) {
                return invalid(IDS, id + " ends within 24 hours");
            }
        }
        return wantedFault(held);
    }

    private Optional<Refusal> wantedFault(List<Holding> held) {
        int years = held.stream().mapToInt(one -> one.terms().years()).max().orElseThrow();
        boolean isPaidUpfront = held.stream().anyMatch(one -> one.terms().paymentOption() != PaymentOption.NO_UPFRONT);
        int uncounted = 0;
        for (int i = 0; i < wanted.size(); i++) {
            Terms.ReservedInstances offering = wanted.get(i).offering();
            String place = OFFERINGS + "[" + i + "].";
            if (offering.offeringClass() != OfferingClass.CONVERTIBLE) {
                return invalid(place + "offeringId", "Convertible ones are exchanged for convertible ones");
            }
            if (offering.years() != years) {
                return invalid(
                        place + "offeringId",
                        "These are exchanged for a term of " + years + " years, not " + offering.years());
            }
            if (isPaidUpfront && offering.paymentOption() == PaymentOption.NO_UPFRONT) {
                return invalid(
                        place + "offeringId", "What was paid upfront can't be exchanged for what has no upfront fee");
            }
            Integer count = wanted.get(i).count();
            if (count == null) {
                uncounted++;
            } else if (count < 1 || count > MOST_AT_ONCE) {
                return invalid(place + "instanceCount", "It is 1 to " + MOST_AT_ONCE + ", not " + count);
            }
            if (uncounted > 1) {
                return invalid(place + "instanceCount", "It can be left out for one offering only");
            }
        }
        return Optional.empty();
    }

    private Outcome<Quote> quote(List<Holding> held) {
        Instant hour = held.getFirst().hour();
        Instant end = held.stream()
                .map(one -> one.commitment().agreedEnd())
                .max(Instant::compareTo)
                .orElseThrow();
        long hours = Duration.between(hour, end).toHours();
        BigFraction valueLeft = held.stream().map(Holding::valueLeft).reduce(BigFraction.ZERO, BigFraction::add);
        BigFraction counted = wanted.stream()
                .filter(one -> one.count() != null)
                .map(one -> got(one, hours, BigFraction.ZERO).value())
                .reduce(BigFraction.ZERO, BigFraction::add);
        List<Got> got = wanted.stream()
                .map(one -> got(one, hours, valueLeft.subtract(counted)))
                .toList();
        Optional<Got> tooMany =
                got.stream().filter(one -> one.count() > MOST_AT_ONCE).findFirst();
        if (tooMany.isPresent()) {
            return refused(
                    OFFERINGS,
                    tooMany.get().count() + " of " + tooMany.get().offering().instanceType() + " would be needed; "
                            + MOST_AT_ONCE + " can be had at once");
        }
        BigFraction newValue = got.stream().map(Got::value).reduce(BigFraction.ZERO, BigFraction::add);
        if (newValue.compareTo(valueLeft) < 0) {
            return refused(
                    OFFERINGS,
                    "What is wanted is worth %s USD, less than what is given back: %s USD"
                            .formatted(Amounts.decimal(newValue), Amounts.decimal(valueLeft)));
        }
        return Outcome.done(new Quote(
                hour,
                end,
                held.stream().map(one -> one.feesLeft().spread()).reduce(BigFraction.ZERO, BigFraction::add),
                valueLeft,
                got.stream().map(Got::upfront).reduce(BigFraction.ZERO, BigFraction::add),
                newValue,
                got));
    }

    /** @param missing the value that is to be reached where no number is given */
    private static Got got(Wanted wanted, long hours, BigFraction missing) {
        Fees list = wanted.offering().unitFees();
        BigFraction share = BigFraction.of(hours, wanted.offering().termHours());
        Fees unitFees = new Fees(list.upfront().multiply(share), list.hourly());
        Integer count = wanted.count();
        return new Got(
                wanted.offering(),
                count == null ? atLeast(missing.divide(value(unitFees, hours))) : count,
                unitFees,
                hours);
    }

    private static BigFraction value(Fees unitFees, long hours) {
        return unitFees.upfront().add(unitFees.hourly().multiply(hours));
    }

    /** Rounded up; 1 at least. */
    private static int atLeast(BigFraction number) {
        BigInteger[] divided = number.getNumerator().divideAndRemainder(number.getDenominator());
        BigInteger whole = divided[1].signum() > 0 ? divided[0].add(BigInteger.ONE) : divided[0];
        return whole.max(BigInteger.ONE)
                .min(BigInteger.valueOf(Integer.MAX_VALUE))
                .intValue();
    }

    /** What was paid for the hours that are left, and the true-up, are spread over what is got by what that costs upfront. */
    private Replacement replacement(List<Holding> held, Quote quote, Instant now, Supplier<String> ids) {
        Fees left = held.stream().map(Holding::feesLeft).reduce(Fees::plus).orElseThrow();
        BigFraction billed = left.upfront().add(quote.trueUp());
        BigFraction spread = left.spread().add(quote.trueUp());
        List<PurchasedCommitment> successors = new ArrayList<>();
        for (Got got : quote.got()) {
            BigFraction part = quote.newUpfront().signum() > 0
                    ? got.upfront().divide(quote.newUpfront())
                    : got.value().divide(quote.newValue());
            BigFraction ofOne = part.divide(got.count());
            successors.add(new PurchasedCommitment(
                    ids.get(),
                    held.getFirst().commitment().account(),
                    got.offering()
                            .with(
                                    got.count(),
                                    new Fees(
                                            billed.multiply(ofOne),
                                            spread.multiply(ofOne),
                                            got.offering().unitFees().hourly())),
                    now,
                    now,
                    now,
                    quote.successorsEndAt(),
                    null,
                    null,
                    1));
        }
        return Replacement.of(Reason.EXCHANGED, quote.hour(), reserved, successors);
    }

    private static Optional<Refusal> invalid(String field, String message) {
        return Optional.of(Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, field, message));
    }

    private static Outcome<Quote> refused(String field, String message) {
        return Outcome.refused(ErrorCode.INVALID_PARAMETER_VALUE, field, message);
    }
}
