package io.cumulet.endpoint.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.model.Operation;
import org.junit.jupiter.api.Test;

class JsonFormTest {

    private static final Operation COSTS =
            Api.COST_EXPLORER.model().operations().get("GetCostAndUsage");

    @Test
    void aBodyIsCheckedByTheModel() {
        assertThat(JsonForm.read(
                                "{\"TimePeriod\": {\"Start\": \"2026-11-01\", \"End\": \"2026-12-01\"}, \"Granularity\": \"DAILY\","
                                        + " \"Metrics\": [\"UnblendedCost\"]}",
                                COSTS.input(),
                                "ValidationException")
                        .path("TimePeriod")
                        .path("End")
                        .asText())
                .isEqualTo("2026-12-01");
        refused("{\"Granularity\": \"WEEKLY\"}", "ValidationException");
        refused("{\"Granularity\": \"DAILY\"}", "ValidationException");
        refused("{\"Colour\": 1}", "ValidationException");
        refused("{\"TimePeriod\": []}", "ValidationException");
        refused("{", "SerializationException");
    }

    private static void refused(String body, String code) {
        assertThatThrownBy(() -> JsonForm.read(body, COSTS.input(), "ValidationException"))
                .isInstanceOf(AwsError.class)
                .extracting(refused -> ((AwsError) refused).code())
                .isEqualTo(code);
    }
}
