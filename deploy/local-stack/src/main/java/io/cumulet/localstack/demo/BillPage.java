package io.cumulet.localstack.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;

/** A bill as the billing service answers it. */
record BillPage(JsonNode body) {

    static BillPage of(StackApi account, Instant moment) {
        YearMonth month = YearMonth.from(moment.atZone(ZoneOffset.UTC));
        return new BillPage(account.get(Service.BILLING, "/v1/bills/" + month));
    }

    List<JsonNode> lines(String instanceId) {
        return StackApi.list(body.path("lines")).stream()
                .filter(line -> line.path("resourceId").asText().equals(instanceId))
                .toList();
    }

    BigDecimal billed(String instanceId) {
        return sum(instanceId, line -> new BigDecimal(line.path("billedCost").asText()));
    }

    BigDecimal list(String instanceId) {
        return sum(instanceId, line -> new BigDecimal(line.path("listCost").asText()));
    }

    BigDecimal seconds(String instanceId) {
        return sum(instanceId, line -> new BigDecimal(line.path("seconds").asText("0")));
    }

    private BigDecimal sum(String instanceId, Function<JsonNode, BigDecimal> part) {
        return lines(instanceId).stream().map(part).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    BigDecimal total() {
        return new BigDecimal(body.path("totals").path("billedCost").asText());
    }

    String invoiceTotal() {
        return body.path("invoiceTotal").asText();
    }

    String completeUntil() {
        return body.path("completeUntil").asText();
    }

    int stillRunning() {
        return body.path("stillRunning").size();
    }

    /** Anything that could still change what has been billed so far: unread or missing events, missing prices. */
    List<String> openQuestions() {
        List<String> reasons = StackApi.list(body.path("provisionalReasons")).stream()
                .map(JsonNode::asText)
                .filter(reason -> !reason.equals("period-not-over"))
                .toList();
        return body.path("unrated").isEmpty()
                ? reasons
                : java.util.stream.Stream.concat(reasons.stream(), java.util.stream.Stream.of("unrated"))
                        .toList();
    }

    void print() {
        System.out.printf(
                "    %-20s %-11s %-10s %-10s %8s  %12s %14s %14s%n",
                "instance", "type", "market", "category", "seconds", "USD an hour", "list USD", "billed USD");
        for (JsonNode line : StackApi.list(body.path("lines"))) {
            System.out.printf(
                    "    %-20s %-11s %-10s %-10s %8s  %12s %14s %14s%n",
                    line.path("resourceId").asText(),
                    line.path("instanceType").asText(),
                    line.path("market").asText(),
                    line.path("category").asText(),
                    line.path("seconds").asText(),
                    line.path("hourlyRate").asText("-"),
                    line.path("listCost").asText(),
                    line.path("billedCost").asText());
        }
        System.out.printf(
                "    %-20s %64s %14s %14s%n",
                "total",
                "",
                body.path("totals").path("listCost").asText(),
                body.path("totals").path("billedCost").asText());
        System.out.println("    complete until " + completeUntil() + ", still running: " + stillRunning()
                + ", to pay so far: " + invoiceTotal() + " USD");
    }
}
