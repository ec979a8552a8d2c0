package io.cumulet.spotmarket.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.kernel.HourlyRate;
import io.cumulet.spotmarket.app.Pools;
import io.cumulet.spotmarket.domain.market.PoolId;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** Prices are level lines that go straight up or down. */
class PriceChartTest {

    private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant UNTIL = FROM.plus(Duration.ofHours(8));
    private static final PoolId POOL = PoolId.parse("us-east-1a/m4.large/linux");

    /** The plot is 800 wide from 80 and 330 high from 30, so an hour is 100 wide; on-demand at the top is 0.1. */
    @Test
    void aPriceHoldsUntilTheNext() throws Exception {
        PriceChart chart = new PriceChart("m4.large", FROM, UNTIL);
        chart.onDemand(HourlyRate.of("0.1"));
        add(chart, FROM.plus(Duration.ofHours(4)), "0.05");
        add(chart, FROM.minus(Duration.ofDays(3)), "0.1");

        assertThat(path(chart)).isEqualTo("M80 30.0V30.0V30.0H480V195.0V195.0V195.0H880");
    }

    @Test
    void ofManyChangesInOnePixelTheHighestTheLowestAndTheLastAreDrawn() throws Exception {
        PriceChart chart = new PriceChart("m4.large", FROM, UNTIL);
        chart.onDemand(HourlyRate.of("0.1"));
        Instant noon = FROM.plus(Duration.ofHours(4));
        add(chart, noon.plusSeconds(3), "0.05");
        add(chart, noon.plusSeconds(2), "0");
        add(chart, noon.plusSeconds(1), "0.1");
        add(chart, noon, "0.02");

        assertThat(path(chart)).isEqualTo("M480 30.0V360.0V195.0H880");
    }

    @Test
    void whatIsWrittenIntoItIsText() throws Exception {
        PriceChart chart = new PriceChart("<script>&'\"", FROM, UNTIL);

        assertThat(parsed(chart).getElementsByTagName("script").getLength()).isZero();
        assertThat(parsed(chart).getElementsByTagName("title").item(0).getTextContent())
                .isEqualTo("<script>&'\"");
    }

    private static void add(PriceChart chart, Instant from, String price) {
        chart.add(new Pools.Price(POOL, 1, HourlyRate.of(price), from));
    }

    private static String path(PriceChart chart) throws Exception {
        return ((Element) parsed(chart).getElementsByTagName("path").item(0)).getAttribute("d");
    }

    private static Document parsed(PriceChart chart) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(chart.svg())));
    }
}
