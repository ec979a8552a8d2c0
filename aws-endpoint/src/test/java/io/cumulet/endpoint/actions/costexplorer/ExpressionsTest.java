package io.cumulet.endpoint.actions.costexplorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.endpoint.protocol.AwsError;
import org.junit.jupiter.api.Test;

class ExpressionsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void wordsOfCostExplorerBecomeAllOfBillingsThatMeanThem() throws JsonProcessingException {
        JsonNode usage = condition("{'Dimensions': {'Key': 'PURCHASE_TYPE', 'Values': ['On Demand Instances']}}");
        assertThat(usage.path("dimension").asText()).isEqualTo("purchase-option");
        assertThat(usage.path("values").valueStream().map(JsonNode::asText))
                .containsExactlyInAnyOrder("on-demand", "free-tier", "capacity-reservation");
        assertThat(condition("{'Dimensions': {'Key': 'OPERATING_SYSTEM', 'Values': ['win'], 'MatchOptions':"
                        + " ['STARTS_WITH', 'CASE_INSENSITIVE']}}"))
                .isEqualTo(json("{'dimension': 'os', 'values': ['windows']}"));
        assertThat(condition("{'Dimensions': {'Key': 'SAVINGS_PLAN_ARN', 'Values':"
                                + " ['arn:aws:savingsplans::123456789012:savingsplan/abc']}}")
                        .path("values"))
                .isEqualTo(json("['abc']"));
    }

    @Test
    void expressionsAreNestedAndAnEmptyTagIsNone() throws JsonProcessingException {
        assertThat(condition("{'And': [{'Not': {'Tags': {'Key': 'team', 'Values': ['', 'red']}}},"
                        + " {'Dimensions': {'Key': 'REGION', 'Values': ['us-east-1']}}]}"))
                .isEqualTo(
                        json(
                                "{'and': [{'not': {'or': [{'dimension': 'tag:team', 'match': 'absent'},"
                                        + " {'dimension': 'tag:team', 'match': 'equals', 'caseSensitive': true, 'values': ['red']}]}},"
                                        + " {'dimension': 'region', 'match': 'equals', 'caseSensitive': true, 'values': ['us-east-1']}]}"));
    }

    @Test
    void whatIsNoExpressionIsRefused() {
        refused("{}", "ValidationException");
        refused("{'And': []}", "ValidationException");
        refused("{'Dimensions': {'Key': 'REGION'}}", "ValidationException");
        refused("{'Tags': {'Key': 'a', 'Values': ['b'], 'MatchOptions': ['ABSENT']}}", "ValidationException");
        refused("{'Tags': {'Key': 'a', 'Values': ['b']}, 'Not': {}}", "ValidationException");
        refused("{'Dimensions': {'Key': 'CACHE_ENGINE', 'Values': ['x']}}", "UnsupportedOperation");
        refused("{'CostCategories': {'Key': 'a', 'Values': ['b']}}", "UnsupportedOperation");
    }

    private static void refused(String expression, String code) {
        assertThatThrownBy(() -> condition(expression))
                .isInstanceOf(AwsError.class)
                .extracting(error -> ((AwsError) error).code())
                .isEqualTo(code);
    }

    private static JsonNode condition(String expression) throws JsonProcessingException {
        return Expressions.condition(json(expression));
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return JSON.readTree(text.replace('\'', '"'));
    }
}
