package io.cumulet.billing.domain.commitments;

import io.cumulet.billing.domain.rating.Fees;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Supplier;
import org.apache.commons.numbers.fraction.BigFraction;

/** Reserved Instances of the tests: at first two regional m5.xlarge, partly upfront, for a year. */
record Reserved(
        String id,
        OfferingClass offeringClass,
        OperatingSystem os,
        String type,
        int years,
        PaymentOption paymentOption,
        int count,
        String upfront,
        String hourly,
        Instant start) {

    static final AccountId OWNER = new AccountId("123456789012");
    static final Region REGION = new Region("us-east-1");
    static final AvailabilityZone ZONE = new AvailabilityZone("us-east-1a");
    static final Instant START = Instant.parse("2026-01-01T10:20:00Z");

    static Reserved standard(String id) {
        return new Reserved(
                id,
                OfferingClass.STANDARD,
                OperatingSystem.LINUX,
                "m5.xlarge",
                1,
                PaymentOption.PARTIAL_UPFRONT,
                2,
                "876",
                "0.1",
                START);
    }

    static Reserved convertible(String id) {
        return standard(id).withClass(OfferingClass.CONVERTIBLE);
    }

    Reserved withClass(OfferingClass other) {
        return new Reserved(id, other, os, type, years, paymentOption, count, upfront, hourly, start);
    }

    Reserved withOs(OperatingSystem other) {
        return new Reserved(id, offeringClass, other, type, years, paymentOption, count, upfront, hourly, start);
    }

    Reserved withType(String other) {
        return new Reserved(id, offeringClass, os, other, years, paymentOption, count, upfront, hourly, start);
    }

    Reserved withYears(int other) {
        return new Reserved(id, offeringClass, os, type, other, paymentOption, count, upfront, hourly, start);
    }

    Reserved paid(PaymentOption other, String otherUpfront, String otherHourly) {
        return new Reserved(id, offeringClass, os, type, years, other, count, otherUpfront, otherHourly, start);
    }

    Reserved times(int other) {
        return new Reserved(id, offeringClass, os, type, years, paymentOption, other, upfront, hourly, start);
    }

    Reserved startingAt(Instant other) {
        return new Reserved(id, offeringClass, os, type, years, paymentOption, count, upfront, hourly, other);
    }

    Terms.ReservedInstances terms() {
        return new Terms.ReservedInstances(
                REGION,
                null,
                new InstanceType(type),
                os,
                offeringClass,
                years,
                paymentOption,
                count,
                new BigDecimal(upfront),
                new BigDecimal(hourly));
    }

    PurchasedCommitment bought() {
        return new PurchasedCommitment(id, OWNER, terms(), start, start, null, 1);
    }

    /** Ids in the order in which they are asked for. */
    static Supplier<String> ids() {
        int[] last = {0};
        return () -> "new-" + ++last[0];
    }

    static Fees fees(PurchasedCommitment commitment) {
        Terms.ReservedInstances terms = (Terms.ReservedInstances) commitment.terms();
        return commitment.unitFees(terms).times(terms.count());
    }

    /** What commitments cost in all hours that they pay for, upfront fees spread. */
    static BigFraction effectiveCost(Collection<PurchasedCommitment> commitments) {
        return commitments.stream()
                .filter(one -> one.term().hours() > 0)
                .map(one -> fees(one)
                        .effectiveHourly(one.term())
                        .multiply(one.term().hours()))
                .reduce(BigFraction.ZERO, BigFraction::add);
    }

    /** What is on bills for commitments over all their hours. */
    static BigFraction billedCost(Collection<PurchasedCommitment> commitments) {
        return commitments.stream()
                .filter(one -> one.term().hours() > 0)
                .map(one -> fees(one)
                        .upfront()
                        .add(fees(one).hourly().multiply(one.term().hours())))
                .reduce(BigFraction.ZERO, BigFraction::add);
    }

    static Refusal refusal(Outcome<?> outcome) {
        return ((Outcome.Refused<?>) outcome).refusal();
    }
}
