package io.cumulet.catalog.prices;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.catalog.DedicatedHosts;
import io.cumulet.catalog.Regions;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnDemandPricesTest {

    private static final Region VIRGINIA = new Region("us-east-1");
    private static final Region IRELAND = new Region("eu-west-1");
    private static final InstanceType M4_LARGE = new InstanceType("m4.large");
    private static final InstanceType T2_MICRO = new InstanceType("t2.micro");
    private static final Instant IN_2026 = Instant.parse("2026-11-24T00:00:00Z");

    private final OnDemandPrices prices = OnDemandPrices.shipped();

    @Test
    void linuxPricesAreThePublicOnes() {
        assertThat(hourly(VIRGINIA, M4_LARGE, OperatingSystem.LINUX, IN_2026)).isEqualTo("0.1");
        assertThat(hourly(VIRGINIA, T2_MICRO, OperatingSystem.LINUX, IN_2026)).isEqualTo("0.0116");
        assertThat(hourly(IRELAND, M4_LARGE, OperatingSystem.LINUX, IN_2026)).isEqualTo("0.111");
        assertThat(hourly(VIRGINIA, M4_LARGE, OperatingSystem.WINDOWS, IN_2026)).isEqualTo("0.192");
        assertThat(hourly(VIRGINIA, M4_LARGE, OperatingSystem.SUSE, IN_2026)).isEqualTo("0.2");
    }

    @Test
    void aPriceHoldsFromItsListsDateUntilTheNext() {
        assertThat(hourly(VIRGINIA, M4_LARGE, OperatingSystem.RHEL, Instant.parse("2022-07-06T23:59:59Z")))
                .isEqualTo("0.16");
        assertThat(hourly(VIRGINIA, M4_LARGE, OperatingSystem.RHEL, Instant.parse("2022-07-07T00:00:00Z")))
                .isEqualTo("0.195");
    }

    @Test
    void beforeTheFirstListTheFirstKnownPriceHolds() {
        assertThat(hourly(VIRGINIA, M4_LARGE, OperatingSystem.RHEL, Instant.parse("2010-01-01T00:00:00Z")))
                .isEqualTo("0.16");
    }

    @Test
    void aPriceThatOnlyRoundsItsNeighbourIsNoChange() {
        // The list of 2022 has three decimals: 0.016, while 2017 has 0.0162.
        assertThat(hourly(VIRGINIA, T2_MICRO, OperatingSystem.WINDOWS, IN_2026)).isEqualTo("0.0162");
        assertThat(prices.history(VIRGINIA, T2_MICRO, OperatingSystem.LINUX, Tenancy.DEFAULT))
                .extracting(OnDemandPrice::hourly)
                .containsOnly(HourlyRate.of("0.0116"));
    }

    @Test
    void aTypeIsOnOfferWhereItHasAPrice() {
        assertThat(prices.isOffered(VIRGINIA, M4_LARGE, OperatingSystem.LINUX)).isTrue();
        assertThat(prices.isOffered(new Region("cn-north-1"), M4_LARGE, OperatingSystem.LINUX))
                .isFalse();
        assertThat(prices.isOffered(VIRGINIA, new InstanceType("m4.tiny"), OperatingSystem.LINUX))
                .isFalse();
        assertThat(prices.isOffered(VIRGINIA, M4_LARGE, OperatingSystem.MACOS)).isFalse();
    }

    @Test
    void aDedicatedInstanceThatNoListHasCostsWhatOneOfDefaultTenancyDoes() {
        assertThat(prices.inForce(VIRGINIA, M4_LARGE, OperatingSystem.LINUX, Tenancy.DEDICATED, IN_2026))
                .isEqualTo(prices.inForce(VIRGINIA, M4_LARGE, OperatingSystem.LINUX, Tenancy.DEFAULT, IN_2026));
        assertThat(prices.inForce(VIRGINIA, M4_LARGE, OperatingSystem.LINUX, Tenancy.HOST, IN_2026))
                .isEmpty();
    }

    @Test
    void aDedicatedHostCostsWhatFillsItOnDemand() {
        DedicatedHosts.Host host = DedicatedHosts.find(VIRGINIA, "m4").orElseThrow();
        int larges = host.vcpus() / 2;

        assertThat(larges).isEqualTo(22);
        assertThat(host.hourly().usd())
                .isEqualByComparingTo(new BigDecimal(hourly(VIRGINIA, M4_LARGE, OperatingSystem.LINUX, IN_2026))
                        .multiply(BigDecimal.valueOf(larges)));
        assertThat(DedicatedHosts.find(VIRGINIA, "t2")).isEmpty();
    }

    @Test
    void everyPriceIsAboveZeroAndNamesItsSourceAndLicence() {
        List<OnDemandPrice> all = Regions.all().stream()
                .flatMap(facts -> prices.listAt(facts.region(), IN_2026, price -> true).stream())
                .toList();
        assertThat(all).hasSizeGreaterThan(30_000);
        assertThat(all).allSatisfy(price -> {
            assertThat(price.hourly().isZero()).isFalse();
            assertThat(price.source()).containsAnyOf("(MIT)", "(Apache-2.0)");
            assertThat(price.asOf()).isAfter(LocalDate.of(2017, 1, 1));
        });
    }

    @Test
    void pricesMayChangeOnTheDaysOfTheLists() {
        assertThat(prices.changes())
                .containsExactly(
                        Instant.parse("2022-07-07T00:00:00Z"),
                        Instant.parse("2024-04-04T00:00:00Z"),
                        Instant.parse("2026-07-20T00:00:00Z"));
    }

    private String hourly(Region region, InstanceType type, OperatingSystem os, Instant at) {
        return prices.inForce(region, type, os, Tenancy.DEFAULT, at)
                .orElseThrow()
                .hourly()
                .toString();
    }
}
