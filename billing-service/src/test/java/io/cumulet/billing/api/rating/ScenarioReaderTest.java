package io.cumulet.billing.api.rating;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.billing.domain.rating.Rating;
import io.cumulet.billing.domain.rating.Scenario;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioReaderTest {

    private static final String SCENARIO = """
            {"period": {"start": "2026-01-01T00:00:00Z", "end": "2026-01-01T02:00:00Z"},
             "prices": {"onDemand": [
               {"region": "us-east-1", "instanceType": "m4.large", "os": "linux", "hourly": "0.10"}]},
             "instances": [
               {"id": "i-1", "account": "111111111111", "instanceType": "m4.large", "os": "linux",
                "availabilityZone": "us-east-1a",
                "runs": [{"start": "2026-01-01T00:00:00Z", "stop": "2026-01-01T01:00:00Z"}]}]}
            """;

    @Test
    void aSoundScenarioIsRead() throws JsonProcessingException {
        assertThat(read(SCENARIO)).isInstanceOf(Outcome.Done.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "start": "2026-01-01T00:00:00Z", "end"     | "start": "2026-01-01T00:00:01Z", "end"      | /period/start
            "end": "2026-01-01T02:00:00Z"              | "end": "2026-01-01T02:30:00Z"               | /period/end
            "end": "2026-01-01T02:00:00Z"              | "end": "2025-01-01T02:00:00Z"               | /period/end
            "end": "2026-01-01T02:00:00Z"              | "end": "2026-01-01T02:00:00+00:00"          | /period/end
            "hourly": "0.10"                           | "hourly": "0"                               | /prices/onDemand/0/hourly
            "hourly": "0.10"                           | "hourly": 0.1                               | /prices/onDemand/0/hourly
            "os": "linux", "hourly"                    | "os": "beos", "hourly"                      | /prices/onDemand/0/os
            "os": "linux", "hourly"                    | "os": "linux", "price": "1", "hourly"       | /prices/onDemand/0/price
            "account": "111111111111"                  | "account": "11111"                          | /instances/0/account
            "account": "111111111111",                 | ''                                          | /instances/0/account
            "availabilityZone": "us-east-1a"           | "availabilityZone": "us-east-1"             | /instances/0/availabilityZone
            "availabilityZone": "us-east-1a"           | "availabilityZone": "us-east-1a", "hostId": "h-1" | /instances/0/hostId
            "availabilityZone": "us-east-1a"           | "availabilityZone": "us-east-1a", "capacityReservationId": "cr-1" | /instances/0/capacityReservationId
            "stop": "2026-01-01T01:00:00Z"             | "stop": "2026-01-01T00:00:00Z"              | /instances/0/runs/0/stop
            "stop": "2026-01-01T01:00:00Z"             | "stop": "2026-01-01T01:00:00.5Z"            | /instances/0/runs/0/stop
            "stop": "2026-01-01T01:00:00Z"             | "stop": "2026-02-30T01:00:00Z"              | /instances/0/runs/0/stop
            , "stop": "2026-01-01T01:00:00Z"}          | }, {"start": "2026-01-01T01:00:00Z"}        | /instances/0/runs/1
            , "stop": "2026-01-01T01:00:00Z"           | , "endedBy": "interruption"                 | /instances/0/runs/0/endedBy
            "runs": [                                  | "tags": {}, "runs": [                       | /instances/0/tags
            "period": {                                | "a/b~c": 1, "period": {                     | /a~1b~0c
            "period": {                                | "organizations": [["111111111111"], ["111111111111"]], "period": { | /organizations/1/0
            "period": {                                | "spotInterruptionPolicy": "kind", "period": { | /spotInterruptionPolicy
            """)
    void whatIsWrongIsNamedByItsPlace(String right, String wrong, String place) throws JsonProcessingException {
        assertThat(SCENARIO).contains(right);

        Refusal refusal = refusal(read(SCENARIO.replace(right, wrong)));

        assertThat(refusal.code()).isEqualTo(ErrorCode.CANNOT_RATE);
        assertThat(refusal.field()).isEqualTo(place);
    }

    @Test
    void usageWithoutAPriceIsNamed() throws JsonProcessingException {
        String scenario = SCENARIO.replace("\"os\": \"linux\", \"hourly\"", "\"os\": \"windows\", \"hourly\"");

        Refusal refusal = refusal(read(scenario).map(Rating::rate).orThrow().complete());

        assertThat(refusal.code()).isEqualTo(ErrorCode.CANNOT_RATE);
        assertThat(refusal.field()).isEqualTo("/instances/0");
        assertThat(refusal.message()).contains("m4.large", "linux", "us-east-1");
    }

    @Test
    void commitmentsAreRefusedAndNamedNotIgnored() throws JsonProcessingException {
        String scenario = SCENARIO.replace("\"period\"", "\"savingsPlans\": [{}], \"period\"");

        Refusal refusal = refusal(read(scenario));

        assertThat(refusal.code()).isEqualTo(ErrorCode.UNSUPPORTED_OPERATION);
        assertThat(refusal.field()).isEqualTo("/savingsPlans");
    }

    @Test
    void emptyListsOfCommitmentsAreNoCommitments() throws JsonProcessingException {
        String scenario = SCENARIO.replace("\"period\"", "\"savingsPlans\": [], \"reservedInstances\": [], \"period\"");

        assertThat(read(scenario)).isInstanceOf(Outcome.Done.class);
    }

    private static Outcome<Scenario> read(String json) throws JsonProcessingException {
        return ScenarioReader.read(new ObjectMapper().readTree(json));
    }

    private static Refusal refusal(Outcome<?> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return ((Outcome.Refused<?>) outcome).refusal();
    }
}
