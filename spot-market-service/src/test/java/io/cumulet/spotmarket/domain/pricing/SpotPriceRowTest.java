package io.cumulet.spotmarket.domain.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Outcome;
import io.cumulet.spotmarket.domain.market.PoolId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpotPriceRowTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "Linux/UNIX, linux, false",
        "Linux/UNIX (Amazon VPC), linux, true",
        "Windows, windows, false",
        "SUSE Linux (Amazon VPC), suse, true",
        "Red Hat Enterprise Linux, rhel, false"
    })
    void productsAreSystems(String product, String os, boolean vpc) {
        SpotPriceRow row = row("us-east-1a", "m4.large", product, "0.0500", "2026-03-01T13:00:00+01:00");

        assertThat(row.pool()).isEqualTo(PoolId.parse("us-east-1a/m4.large/" + os));
        assertThat(row.vpc()).isEqualTo(vpc);
        assertThat(row.change()).isEqualTo(new PriceSeries.Change(NOON, HourlyRate.of("0.0500")));
    }

    @ParameterizedTest
    @CsvSource({
        "moon, m4.large, Linux/UNIX, 0.05, 2026-03-01T12:00:00Z, AvailabilityZone",
        "us-east-1a, large, Linux/UNIX, 0.05, 2026-03-01T12:00:00Z, InstanceType",
        "us-east-1a, m4.large, Plan 9, 0.05, 2026-03-01T12:00:00Z, ProductDescription",
        "us-east-1a, m4.large, Linux/UNIX, -1, 2026-03-01T12:00:00Z, SpotPrice",
        "us-east-1a, m4.large, Linux/UNIX, 0.05, noon, Timestamp",
        "us-east-1a, m4.large, Linux/UNIX, 0.05,, Timestamp"
    })
    void aRefusalNamesTheField(String zone, String type, String product, String price, String timestamp, String field) {
        Outcome<SpotPriceRow> outcome = SpotPriceRow.read(new SpotPriceRow.Text(zone, type, product, price, timestamp));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.refusal().field()).isEqualTo(field));
    }

    @Test
    void whereAPoolHasPricesOfBothKindsThoseInAVpcCount() {
        List<SpotPriceRow> rows = List.of(
                row("us-east-1a", "m4.large", "Linux/UNIX", "0.01", "2026-03-01T12:00:00Z"),
                row("us-east-1a", "m4.large", "Linux/UNIX (Amazon VPC)", "0.02", "2026-03-01T12:00:00Z"),
                row("us-east-1b", "m4.large", "Linux/UNIX", "0.03", "2026-03-01T12:00:00Z"));

        assertThat(SpotPriceRow.series(rows))
                .hasEntrySatisfying(
                        PoolId.parse("us-east-1a/m4.large/linux"),
                        series -> assertThat(series.at(NOON)).contains(HourlyRate.of("0.02")))
                .hasEntrySatisfying(
                        PoolId.parse("us-east-1b/m4.large/linux"),
                        series -> assertThat(series.at(NOON)).contains(HourlyRate.of("0.03")));
    }

    private static SpotPriceRow row(String zone, String type, String product, String price, String timestamp) {
        return SpotPriceRow.read(new SpotPriceRow.Text(zone, type, product, price, timestamp))
                .orThrow();
    }
}
