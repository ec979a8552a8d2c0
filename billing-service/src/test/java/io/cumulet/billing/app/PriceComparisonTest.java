package io.cumulet.billing.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.billing.domain.commitments.Terms;
import io.cumulet.billing.domain.rating.Commitments;
import io.cumulet.billing.domain.rating.Fees;
import io.cumulet.billing.domain.rating.FreeTier;
import io.cumulet.billing.domain.rating.InstanceUsage;
import io.cumulet.billing.domain.rating.InstanceUsage.EndedBy;
import io.cumulet.billing.domain.rating.InstanceUsage.Run;
import io.cumulet.billing.domain.rating.Organizations;
import io.cumulet.billing.domain.rating.PriceTable;
import io.cumulet.billing.domain.rating.Rating;
import io.cumulet.billing.domain.rating.ReservedInstance;
import io.cumulet.billing.domain.rating.SavingsPlan;
import io.cumulet.billing.domain.rating.Scenario;
import io.cumulet.billing.domain.rating.Term;
import io.cumulet.billing.domain.rating.Usage;
import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.catalog.prices.ReservedPrice;
import io.cumulet.catalog.prices.ReservedPrices;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Interval;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.Money;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.SpotInterruptionPolicy;
import io.cumulet.kernel.Tenancy;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What an hour of an m4.large in us-east-1 costs under each purchasing option, by the price lists that come with Cumulet and
 * the rating of a month in which it runs all the time. The expected figures are the well-known comparison, rounded to three
 * places; the lists are rounded likewise, so that a difference of one in the last place is none.
 */
class PriceComparisonTest {

    private static final Instant BOUGHT = Instant.parse("2017-12-01T00:00:00Z");
    private static final Interval MONTH = new Interval(BOUGHT, Instant.parse("2018-01-01T00:00:00Z"));
    private static final AccountId ACCOUNT = new AccountId("123456789012");
    private static final Region REGION = new Region("us-east-1");
    private static final AvailabilityZone ZONE = new AvailabilityZone("us-east-1a");
    private static final InstanceType TYPE = new InstanceType("m4.large");
    private static final BigDecimal LAST_PLACE = new BigDecimal("0.001");

    private final Offerings offerings = new Offerings(ReservedPrices.shipped());

    @Test
    void onDemand() {
        assertThat(effectiveHourly(Commitments.NONE, new PriceTable())).isEqualByComparingTo("0.100");
    }

    @ParameterizedTest(name = "{0}, {1} years, {2}")
    @CsvSource({
        "standard,    1, no-upfront,  0.062",
        "standard,    1, all-upfront, 0.058",
        "standard,    3, no-upfront,  0.043",
        "standard,    3, all-upfront, 0.037",
        "convertible, 1, no-upfront,  0.071",
        "convertible, 1, all-upfront, 0.066"
    })
    void reservedInstance(String offeringClass, int years, String payment, BigDecimal expected) {
        ReservedPrice price = ReservedPrices.shipped()
                .inForce(
                        new ReservedPrices.Key(
                                REGION,
                                TYPE,
                                OperatingSystem.LINUX,
                                OfferingClass.ofCode(offeringClass).orElseThrow(),
                                years,
                                PaymentOption.ofCode(payment).orElseThrow()),
                        BOUGHT)
                .orElseThrow();
        ReservedInstance reserved = new ReservedInstance(
                "/reservedInstances/0",
                "ri-1",
                ACCOUNT,
                TYPE,
                OperatingSystem.LINUX,
                Tenancy.DEFAULT,
                new ReservedInstance.Regional(REGION),
                1,
                new Term(BOUGHT, years),
                new Fees(Money.exact(price.upfront()), Money.exact(price.hourly())));

        BigDecimal hourly = effectiveHourly(new Commitments(List.of(reserved), List.of(), List.of()), new PriceTable());

        assertThat(hourly.subtract(expected).abs()).isLessThanOrEqualTo(LAST_PLACE);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"no-upfront, 0.062", "all-upfront, 0.058"})
    void ec2InstanceSavingsPlanForAYear(String payment, BigDecimal expected) {
        PaymentOption option = PaymentOption.ofCode(payment).orElseThrow();
        Terms terms = new Terms.Ec2InstanceSavingsPlan(REGION, TYPE.family(), 1, option, HourlyRate.of("1"));
        HourlyRate rate = offerings
                .planRate(terms, BOUGHT, REGION, TYPE, OperatingSystem.LINUX, Tenancy.DEFAULT)
                .orElseThrow();
        PriceTable prices = new PriceTable();
        prices.addSavingsPlan("sp-1", REGION, TYPE, OperatingSystem.LINUX, Tenancy.DEFAULT, rate);
        SavingsPlan plan = new SavingsPlan(
                "/savingsPlans/0",
                "sp-1",
                ACCOUNT,
                new SavingsPlan.Ec2Instance(TYPE.family(), REGION),
                rate,
                option,
                new Term(BOUGHT, 1));

        BigDecimal hourly = effectiveHourly(new Commitments(List.of(), List.of(plan), List.of()), prices);

        assertThat(hourly.subtract(expected).abs()).isLessThanOrEqualTo(LAST_PLACE);
    }

    /** What the month cost, fees spread over the terms, by the hour; to three places, as the comparison has it. */
    private static BigDecimal effectiveHourly(Commitments commitments, PriceTable prices) {
        HourlyRate onDemand = OnDemandPrices.shipped()
                .inForce(REGION, TYPE, OperatingSystem.LINUX, Tenancy.DEFAULT, BOUGHT)
                .orElseThrow()
                .hourly();
        prices.addOnDemand(REGION, TYPE, OperatingSystem.LINUX, Tenancy.DEFAULT, onDemand);
        InstanceUsage instance = new InstanceUsage(
                "/instances/0",
                "i-1",
                ACCOUNT,
                TYPE,
                OperatingSystem.LINUX,
                Tenancy.DEFAULT,
                ZONE,
                Market.ON_DEMAND,
                null,
                null,
                List.of(new Run(BOUGHT, null, EndedBy.USER)));
        Scenario scenario = new Scenario(
                MONTH,
                MONTH.until(),
                prices,
                Usage.of(List.of(instance)),
                commitments,
                Organizations.NONE,
                FreeTier.NONE,
                SpotInterruptionPolicy.INTERRUPTED_HOUR_FREE);
        BigDecimal total = Rating.rate(scenario).totals().effective().usd();
        return total.divide(BigDecimal.valueOf(MONTH.length().toHours()), 3, RoundingMode.HALF_UP);
    }
}
