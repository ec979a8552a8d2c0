package io.cumulet.spotmarket.domain.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.HourlyRate;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A price is in force from its moment until the next. */
class PriceSeriesTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void changesComeInTheirOrderWithoutThoseThatChangeNothing() {
        PriceSeries series = PriceSeries.of(List.of(
                change(3, "0.20"), change(1, "0.10"), change(2, "0.100"), change(4, "0.30"), change(4, "0.40")));

        assertThat(series.changes()).containsExactly(change(1, "0.10"), change(3, "0.20"), change(4, "0.40"));
        assertThat(series.at(NOON)).isEmpty();
        assertThat(series.at(NOON.plusSeconds(2))).contains(HourlyRate.of("0.10"));
        assertThat(series.at(NOON.plusSeconds(3))).contains(HourlyRate.of("0.20"));
        assertThat(series.after(NOON.plusSeconds(3))).contains(change(4, "0.40"));
        assertThat(series.after(NOON.plusSeconds(4))).isEmpty();
    }

    private static PriceSeries.Change change(int second, String price) {
        return new PriceSeries.Change(NOON.plusSeconds(second), HourlyRate.of(price));
    }
}
