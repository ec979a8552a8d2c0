package io.cumulet.localstack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What an account's spot instances cost, and would have cost on demand, as the costs API says. */
record SpotSavings(BigDecimal listCost, BigDecimal billedCost) {

    static SpotSavings of(StackApi account, Instant from, Duration length) {
        List<JsonNode> spot = StackApi.list(account.get(
                                Service.BILLING,
                                "/v1/costs?groupBy=purchase-option&from=" + from + "&until=" + from.plus(length))
                        .path("periods"))
                .stream()
                .flatMap(period -> StackApi.list(period.path("groups")).stream())
                .filter(group ->
                        group.path("keys").path("purchase-option").asText().equals("spot"))
                .toList();
        return new SpotSavings(sum(spot, "listCost"), sum(spot, "billedCost"));
    }

    private static BigDecimal sum(List<JsonNode> groups, String cost) {
        return groups.stream()
                .map(group -> new BigDecimal(group.path(cost).asText()))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** Of what it would have cost on demand, 2 decimals; 0 if there was no spot. */
    BigDecimal percent() {
        return listCost.signum() == 0
                ? BigDecimal.ZERO
                : listCost.subtract(billedCost).movePointRight(2).divide(listCost, 2, RoundingMode.HALF_EVEN);
    }
}
