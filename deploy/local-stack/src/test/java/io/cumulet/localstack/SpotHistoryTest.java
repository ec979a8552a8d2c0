package io.cumulet.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

/** A history in CSV becomes what the AWS command line prints. */
class SpotHistoryTest {

    private static final String HEAD = "timestamp,availabilityZone,instanceType,productDescription,spotPrice\n";

    @Test
    void eachRowBecomesAPriceAsAwsPrintsIt() throws IOException {
        JsonNode rows = convert(
                HEAD + "2015-03-11T10:34:42Z,us-east-1a,m3.medium,Linux/UNIX,0.1131\n"
                        + "2015-03-11T10:35:00Z,us-east-1b,m3.medium,Windows,0.2\n",
                new SpotHistory.Which(null, null));

        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).toString())
                .isEqualTo(
                        "{\"Timestamp\":\"2015-03-11T10:34:42Z\",\"AvailabilityZone\":\"us-east-1a\","
                                + "\"InstanceType\":\"m3.medium\",\"ProductDescription\":\"Linux/UNIX\",\"SpotPrice\":\"0.1131\"}");
    }

    @Test
    void onlyWhatIsWantedIsTaken() throws IOException {
        JsonNode rows = convert(
                HEAD + "2015-03-11T10:34:42Z,us-east-1a,m3.medium,Linux/UNIX,0.1\n"
                        + "2015-03-11T10:34:42Z,us-east-1b,m3.medium,Linux/UNIX,0.2\n"
                        + "2015-03-11T10:34:42Z,us-east-1b,c3.xlarge,Linux/UNIX,0.3\n",
                new SpotHistory.Which("us-east-1b", "m3.medium"));

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).path("SpotPrice").asText()).isEqualTo("0.2");
    }

    @Test
    void theLineThatIsWrongIsNamed() {
        refused("time,price\n", "The first line");
        refused(HEAD + "2015-03-11T10:34:42Z,us-east-1a,m3.medium,Linux/UNIX\n", "Line 2 has 4 columns");
        refused(HEAD + "2015-03-11T10:34:42Z,us-east-1a,m3.medium,Linux/UNIX,cheap\n", "Line 2: not a price");
        refused(HEAD + "yesterday,us-east-1a,m3.medium,Linux/UNIX,0.1\n", "Line 2: not a time");
    }

    private static void refused(String csv, String message) {
        assertThatThrownBy(() -> convert(csv, new SpotHistory.Which(null, null)))
                .isInstanceOf(StackFailure.class)
                .hasMessageContaining(message);
    }

    private static JsonNode convert(String csv, SpotHistory.Which which) throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        SpotHistory.convert(new StringReader(csv), which, json);
        return new ObjectMapper().readTree(json.toByteArray()).path("SpotPriceHistory");
    }
}
