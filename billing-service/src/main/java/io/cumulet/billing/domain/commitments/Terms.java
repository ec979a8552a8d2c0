package io.cumulet.billing.domain.commitments;

import io.cumulet.billing.domain.rating.Fees;
import io.cumulet.billing.domain.rating.Term;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Recurrence;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.SlotSchedule;
import java.math.BigDecimal;
import java.util.Optional;
import org.apache.commons.numbers.fraction.BigFraction;
import org.jspecify.annotations.Nullable;

/** What was agreed when a commitment was bought; never changed. */
public sealed interface Terms {

    /** What was bought. */
    enum Kind {
        RESERVED_INSTANCES("reserved-instances"),
        SCHEDULED_INSTANCES("scheduled-instances"),
        EC2_INSTANCE_SAVINGS_PLAN("ec2-instance-savings-plan"),
        COMPUTE_SAVINGS_PLAN("compute-savings-plan");

        private final String code;

        Kind(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }

        public static Optional<Kind> ofCode(String code) {
            for (Kind kind : values()) {
                if (kind.code.equals(code)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    Kind kind();

    /** The length of the term in years that it was sold with, 1 or 3. */
    int years();

    PaymentOption paymentOption();

    /** Where it applies; null for everywhere. */
    @Nullable
    Region region();

    /** USD in each hour, at the plan's rates, that a Savings Plan is for; null for what is no plan. */
    default @Nullable HourlyRate commitment() {
        return null;
    }

    /** Terms of so many instances of one type and system. */
    sealed interface OfInstances extends Terms {

        @Override
        Region region();

        /** Where they apply; null for the whole region. */
        @Nullable
        AvailabilityZone zone();

        InstanceType instanceType();

        OperatingSystem os();

        int count();

        /** What one costs; the hourly fee is that of an hour in which it can be used. */
        Fees unitFees();

        /** What all of them cost. */
        default Fees fees() {
            return unitFees().times(count());
        }
    }

    /**
     * Reserved Instances.
     *
     * @param zone where they apply; null for the whole region
     * @param count how many
     * @param unitFees what one of them costs in the whole term
     */
    record ReservedInstances(
            Region region,
            @Nullable AvailabilityZone zone,
            InstanceType instanceType,
            OperatingSystem os,
            OfferingClass offeringClass,
            int years,
            PaymentOption paymentOption,
            int count,
            Fees unitFees)
            implements OfInstances {

        /**
         * At the prices of a list.
         *
         * @param upfront USD for one, once
         * @param hourly USD for one in each hour
         */
        public ReservedInstances(
                Region region,
                @Nullable AvailabilityZone zone,
                InstanceType instanceType,
                OperatingSystem os,
                OfferingClass offeringClass,
                int years,
                PaymentOption paymentOption,
                int count,
                BigDecimal upfront,
                BigDecimal hourly) {
            this(
                    region,
                    zone,
                    instanceType,
                    os,
                    offeringClass,
                    years,
                    paymentOption,
                    count,
                    new Fees(Money.exact(upfront), Money.exact(hourly)));
        }

        /** The same, but for how many there are and what one costs. */
        ReservedInstances with(int newCount, Fees newUnitFees) {
            return new ReservedInstances(
                    region, zone, instanceType, os, offeringClass, years, paymentOption, newCount, newUnitFees);
        }

        /** The hours of a whole term. */
        long termHours() {
            return Term.hours(years);
        }

        @Override
        public Kind kind() {
            return Kind.RESERVED_INSTANCES;
        }

        /** Another number of the same. */
        public ReservedInstances withCount(int newCount) {
            return with(newCount, unitFees);
        }
    }

    /**
     * Scheduled Reserved Instances: for a year, in time slots that recur. They pay for what was launched into them, and
     * their fee falls due in each hour of a slot, used or not.
     *
     * @param hourly USD for one in each hour of a slot
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_PurchaseScheduledInstances.html">
     *     PurchaseScheduledInstances</a>
     */
    record ScheduledInstances(
            AvailabilityZone zone,
            InstanceType instanceType,
            OperatingSystem os,
            Recurrence recurrence,
            int slotHours,
            int count,
            BigDecimal hourly)
            implements OfInstances {

        /** The class of an offering that is neither standard nor convertible. */
        public static final String OFFERING_CLASS = "scheduled";

        @Override
        public Kind kind() {
            return Kind.SCHEDULED_INSTANCES;
        }

        @Override
        public int years() {
            return 1;
        }

        @Override
        public PaymentOption paymentOption() {
            return PaymentOption.NO_UPFRONT;
        }

        @Override
        public Region region() {
            return zone.region();
        }

        @Override
        public Fees unitFees() {
            return new Fees(BigFraction.ZERO, Money.exact(hourly));
        }

        /** Their slots in a term, which begins with the first. */
        public SlotSchedule schedule(Term term) {
            return new SlotSchedule(new Interval(term.bought(), term.end()), recurrence, slotHours);
        }
    }

    /**
     * An EC2 Instance Savings Plan, for one family in one region.
     *
     * @param commitment USD at the plan's rates in each hour
     */
    record Ec2InstanceSavingsPlan(
            Region region, String family, int years, PaymentOption paymentOption, HourlyRate commitment)
            implements Terms {
        @Override
        public Kind kind() {
            return Kind.EC2_INSTANCE_SAVINGS_PLAN;
        }
    }

    /**
     * A Compute Savings Plan, for every family and region.
     *
     * @param commitment USD at the plan's rates in each hour
     */
    record ComputeSavingsPlan(int years, PaymentOption paymentOption, HourlyRate commitment) implements Terms {
        @Override
        public Kind kind() {
            return Kind.COMPUTE_SAVINGS_PLAN;
        }

        @Override
        public @Nullable Region region() {
            return null;
        }
    }
}
