package io.cumulet.e2e.aws;

import static io.cumulet.e2e.aws.AwsClients.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.e2e.RunningStack;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.costexplorer.CostExplorerClient;
import software.amazon.awssdk.services.costexplorer.model.DateInterval;
import software.amazon.awssdk.services.costexplorer.model.Expression;
import software.amazon.awssdk.services.costexplorer.model.GetCostAndUsageResponse;
import software.amazon.awssdk.services.costexplorer.model.Granularity;
import software.amazon.awssdk.services.costexplorer.model.Group;
import software.amazon.awssdk.services.costexplorer.model.GroupDefinitionType;
import software.amazon.awssdk.services.costexplorer.model.SavingsPlansUtilization;
import software.amazon.awssdk.services.pricing.PricingClient;
import software.amazon.awssdk.services.savingsplans.SavingsplansClient;
import software.amazon.awssdk.services.savingsplans.model.SavingsPlan;
import software.amazon.awssdk.services.savingsplans.model.SavingsPlanOfferingFilterAttribute;
import software.amazon.awssdk.services.savingsplans.model.SavingsPlanPaymentOption;
import software.amazon.awssdk.services.savingsplans.model.SavingsPlanState;
import software.amazon.awssdk.services.savingsplans.model.SavingsPlanType;

/** What things cost, through the clients of Cost Explorer, Pricing and Savings Plans, and the same through REST. */
@ExtendWith(RunningStack.class)
class CostsIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String IMAGE = "ami-04681a1dbd79675a5";
    private static final long YEAR_SECONDS = Duration.ofDays(365).toSeconds();

    @Test
    void costExplorerSaysWhatTheBillSaysAndHowAPlanIsUsed(LocalStack stack) {
        AwsClients account = AwsClients.ofNewAccount(stack);
        StackApi operator = account.operator();
        Instant start = freezeOnAFullHour(operator);
        for (String zone : List.of("us-east-1a", "us-east-1b", "us-east-1c")) {
            operator.post(
                    Service.INSTANCES,
                    "/v1/hosts",
                    Map.of("availabilityZone", zone, "family", "m4", "count", 1, "vcpus", 8, "memoryMib", 32_768));
        }
        operator.freezeClock();
        SavingsPlan plan = buyPlan(account);
        account.rest()
                .post(
                        Service.INSTANCES,
                        "/v1/instances",
                        Map.of(
                                "imageId",
                                IMAGE,
                                "instanceType",
                                "m4.large",
                                "minCount",
                                2,
                                "maxCount",
                                2,
                                "tags",
                                Map.of("team", "red")));
        operator.advanceClock(Duration.ofHours(2));

        YearMonth month = YearMonth.from(start.atOffset(ZoneOffset.UTC));
        DateInterval period = DateInterval.builder()
                .start(month.atDay(1).toString())
                .end(month.plusMonths(1).atDay(1).toString())
                .build();
        JsonNode bill =
                account.rest().get(Service.BILLING, "/v1/bills/" + month).path("totals");
        JsonNode use = account.rest()
                .get(
                        Service.BILLING,
                        "/v1/costs/commitments?from=" + period.start() + "T00:00:00Z&until=" + period.end()
                                + "T00:00:00Z");
        try (CostExplorerClient costs = account.of(CostExplorerClient.builder(), Region.US_EAST_1)) {
            GetCostAndUsageResponse all = costs.getCostAndUsage(wish -> wish.timePeriod(period)
                    .granularity(Granularity.MONTHLY)
                    .metrics("UnblendedCost", "AmortizedCost", "UsageQuantity"));
            assertThat(all.resultsByTime()).singleElement().satisfies(result -> {
                assertThat(result.estimated()).isTrue();
                assertThat(result.total().get("UnblendedCost").amount())
                        .isEqualTo(bill.path("billedCost").asText());
                assertThat(result.total().get("AmortizedCost").amount())
                        .isEqualTo(bill.path("effectiveCost").asText());
                assertThat(result.total().get("UsageQuantity").amount()).isEqualTo("4");
            });

            Map<String, String> byRecord = costs
                    .getCostAndUsage(wish -> wish.timePeriod(period)
                            .granularity(Granularity.MONTHLY)
                            .metrics("UnblendedCost")
                            .filter(not(tag("team", "blue")))
                            .groupBy(group ->
                                    group.type(GroupDefinitionType.DIMENSION).key("RECORD_TYPE")))
                    .resultsByTime()
                    .getFirst()
                    .groups()
                    .stream()
                    .collect(Collectors.toMap(
                            group -> group.keys().getFirst(),
                            group -> group.metrics().get("UnblendedCost").amount()));
            assertThat(byRecord).containsOnlyKeys("Usage", "SavingsPlanCoveredUsage", "SavingsPlanRecurringFee");
            assertThat(byRecord.values().stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add))
                    .isEqualByComparingTo(bill.path("billedCost").asText());

            assertThat(costs.getCostAndUsage(wish -> wish.timePeriod(period)
                                    .granularity(Granularity.MONTHLY)
                                    .metrics("UsageQuantity")
                                    .filter(tag("team", "red"))
                                    .groupBy(group ->
                                            group.type(GroupDefinitionType.TAG).key("team")))
                            .resultsByTime()
                            .getFirst()
                            .groups())
                    .extracting(Group::keys)
                    .containsExactly(List.of("team$red"));
            assertThat(costs.getTags(wish -> wish.timePeriod(period).tagKey("team"))
                            .tags())
                    .containsExactly("red");
            assertThat(costs.getDimensionValues(wish -> wish.timePeriod(period).dimension("INSTANCE_TYPE"))
                            .dimensionValues())
                    .extracting(value -> value.value())
                    .containsExactly("m4.large");

            SavingsPlansUtilization used = costs.getSavingsPlansUtilization(
                            wish -> wish.timePeriod(period).granularity(Granularity.MONTHLY))
                    .total()
                    .utilization();
            assertThat(used.totalCommitment())
                    .isEqualTo(
                            use.path("total").path("totalAmortizedCommitment").asText());
            assertThat(used.usedCommitment())
                    .isEqualTo(use.path("total").path("usedCommitment").asText());
            assertThat(costs.getSavingsPlansUtilizationDetails(wish -> wish.timePeriod(period))
                            .savingsPlansUtilizationDetails())
                    .singleElement()
                    .satisfies(detail -> {
                        assertThat(detail.savingsPlanArn()).isEqualTo(plan.savingsPlanArn());
                        assertThat(detail.attributes()).containsEntry("HourlyCommitment", "0.03");
                    });
            assertThat(costs.getSavingsPlansCoverage(
                                    wish -> wish.timePeriod(period).granularity(Granularity.MONTHLY))
                            .savingsPlansCoverages()
                            .getFirst()
                            .coverage()
                            .spendCoveredBySavingsPlans())
                    .isEqualTo(use.path("coverage").path("spendCovered").asText());
            assertThat(costs.getReservationCoverage(wish -> wish.timePeriod(period))
                            .total()
                            .coverageHours()
                            .reservedHours())
                    .isEqualTo("0");
            assertThat(costs.getReservationUtilization(wish -> wish.timePeriod(period))
                            .total()
                            .purchasedHours())
                    .isEqualTo("0");
            assertThat(costs.getReservationPurchaseRecommendation(
                                    wish -> wish.service("Amazon Elastic Compute Cloud - Compute"))
                            .recommendations())
                    .isEmpty();

            assertThat(codeOf(() -> costs.getCostAndUsage(wish -> wish.timePeriod(period)
                            .granularity(Granularity.MONTHLY)
                            .metrics("Colour"))))
                    .isEqualTo("ValidationException");
            assertThat(codeOf(
                            () -> costs.getTags(wish -> wish.timePeriod(period).nextPageToken("odd"))))
                    .isEqualTo("InvalidNextTokenException");
        }
        try (CostExplorerClient stranger =
                AwsClients.ofNewAccount(stack).of(CostExplorerClient.builder(), Region.US_EAST_1)) {
            assertThat(codeOf(() -> stranger.getSavingsPlansUtilization(wish -> wish.timePeriod(period))))
                    .isEqualTo("DataUnavailableException");
        }
    }

    private static SavingsPlan buyPlan(AwsClients account) {
        try (SavingsplansClient plans = account.of(SavingsplansClient.builder(), Region.US_EAST_1)) {
            String offering = plans.describeSavingsPlansOfferings(wish -> wish.planTypes(SavingsPlanType.EC2_INSTANCE)
                            .paymentOptions(SavingsPlanPaymentOption.NO_UPFRONT)
                            .durations(YEAR_SECONDS)
                            .filters(
                                    filter -> filter.name(SavingsPlanOfferingFilterAttribute.REGION)
                                            .values("us-east-1"),
                                    filter -> filter.name(SavingsPlanOfferingFilterAttribute.INSTANCE_FAMILY)
                                            .values("m4")))
                    .searchResults()
                    .getFirst()
                    .offeringId();
            assertThat(codeOf(() -> plans.createSavingsPlan(
                            wish -> wish.savingsPlanOfferingId(offering).commitment("-1"))))
                    .isEqualTo("ValidationException");
            assertThat(codeOf(() -> plans.createSavingsPlan(
                            wish -> wish.savingsPlanOfferingId("0dead0de-0000-4000-8000-00000dead000")
                                    .commitment("1"))))
                    .isEqualTo("ResourceNotFoundException");
            String id = plans.createSavingsPlan(wish -> wish.savingsPlanOfferingId(offering)
                            .commitment("0.03")
                            .tags(Map.of("team", "red"))
                            .clientToken("once"))
                    .savingsPlanId();
            assertThat(plans.createSavingsPlan(wish -> wish.savingsPlanOfferingId(offering)
                                    .commitment("0.03")
                                    .tags(Map.of("team", "red"))
                                    .clientToken("once"))
                            .savingsPlanId())
                    .isEqualTo(id);
            SavingsPlan bought = plans.describeSavingsPlans(
                            wish -> wish.states(SavingsPlanState.ACTIVE).savingsPlanIds(id))
                    .savingsPlans()
                    .getFirst();
            assertThat(bought.offeringId()).isEqualTo(offering);
            assertThat(bought.tags()).isEqualTo(Map.of("team", "red"));
            String arn = bought.savingsPlanArn();
            plans.tagResource(wish -> wish.resourceArn(arn).tags(Map.of("stage", "test")));
            plans.untagResource(wish -> wish.resourceArn(arn).tagKeys("team"));
            assertThat(plans.listTagsForResource(wish -> wish.resourceArn(arn)).tags())
                    .isEqualTo(Map.of("stage", "test"));
            assertThat(codeOf(() -> plans.listTagsForResource(
                            wish -> wish.resourceArn(arn.replace(account.accountId(), "210987654321")))))
                    .isEqualTo("ResourceNotFoundException");
            assertThat(bought.ec2InstanceFamily()).isEqualTo("m4");
            assertThat(plans.describeSavingsPlanRates(wish -> wish.savingsPlanId(id))
                            .searchResults())
                    .anySatisfy(rate -> assertThat(rate.usageType()).isEqualTo("BoxUsage:m4.large"));
            assertThat(codeOf(() -> plans.deleteQueuedSavingsPlan(wish -> wish.savingsPlanId(id))))
                    .isEqualTo("ValidationException");
            String mistake = plans.createSavingsPlan(
                            wish -> wish.savingsPlanOfferingId(offering).commitment("99"))
                    .savingsPlanId();
            assertThat(plans.returnSavingsPlan(
                                    wish -> wish.savingsPlanId(mistake).clientToken("back"))
                            .savingsPlanId())
                    .isEqualTo(mistake);
            assertThat(plans.describeSavingsPlans(wish -> wish.states(SavingsPlanState.RETURNED))
                            .savingsPlans())
                    .extracting(SavingsPlan::savingsPlanId)
                    .containsExactly(mistake);
            assertThat(codeOf(() -> plans.returnSavingsPlan(wish -> wish.savingsPlanId(mistake))))
                    .isEqualTo("ValidationException");
            return bought;
        }
    }

    @Test
    void thePriceListHasThePricesOfTheBill(LocalStack stack) throws JsonProcessingException {
        AwsClients account = AwsClients.ofNewAccount(stack);
        JsonNode known = account.rest()
                .get(Service.BILLING, "/v1/prices?instanceType=m4.large&os=linux&tenancy=default")
                .path("prices")
                .path(0);
        try (PricingClient prices = account.of(PricingClient.builder(), Region.US_EAST_1)) {
            String item = prices.getProducts(wish -> wish.serviceCode("AmazonEC2")
                            .filters(
                                    filter -> filter.type("TERM_MATCH")
                                            .field("instanceType")
                                            .value("m4.large"),
                                    filter -> filter.type("EQUALS")
                                            .field("location")
                                            .value("US East (N. Virginia)"),
                                    filter -> filter.type("ANY_OF")
                                            .field("operatingSystem")
                                            .value("Linux,SUSE"),
                                    filter -> filter.type("NONE_OF")
                                            .field("operatingSystem")
                                            .value("SUSE"),
                                    filter -> filter.type("TERM_MATCH")
                                            .field("tenancy")
                                            .value("Shared")))
                    .priceList()
                    .getFirst();
            JsonNode product = JSON.readTree(item);
            JsonNode onDemand =
                    product.path("terms").path("OnDemand").elements().next();
            JsonNode dimension = onDemand.path("priceDimensions").elements().next();
            assertThat(new BigDecimal(dimension.path("pricePerUnit").path("USD").asText()))
                    .isEqualByComparingTo(known.path("hourly").asText());
            assertThat(product.path("product").path("attributes").path("vcpu").asText())
                    .isEqualTo("2");
            assertThat(product.path("terms").path("Reserved").elements().next().path("termAttributes"))
                    .isNotEmpty();

            assertThat(prices.getAttributeValues(
                                    wish -> wish.serviceCode("AmazonEC2").attributeName("location"))
                            .attributeValues())
                    .extracting(value -> value.value())
                    .contains("EU (Ireland)", "US East (N. Virginia)");
            assertThat(prices.describeServices(wish -> wish.serviceCode("AmazonEC2"))
                            .services()
                            .getFirst()
                            .attributeNames())
                    .contains("instanceType", "usagetype");
            assertThat(prices
                            .getProductsPaginator(wish -> wish.serviceCode("AmazonEC2")
                                    .maxResults(100)
                                    .filters(filter -> filter.type("TERM_MATCH")
                                            .field("regionCode")
                                            .value("eu-west-1")))
                            .priceList()
                            .stream()
                            .distinct())
                    .hasSizeGreaterThan(100);
            assertThat(codeOf(() -> prices.getProducts(
                            wish -> wish.serviceCode("AmazonEC2").formatVersion("aws_v2"))))
                    .isEqualTo("InvalidParameterException");
            assertThat(codeOf(() -> prices.getProducts(wish -> wish.serviceCode("AmazonS3"))))
                    .isEqualTo("NotFoundException");
        }
    }

    private static Expression tag(String key, String value) {
        return Expression.builder().tags(tag -> tag.key(key).values(value)).build();
    }

    private static Expression not(Expression expression) {
        return Expression.builder().not(expression).build();
    }

    /** With more than a day of the month to come. */
    private static Instant freezeOnAFullHour(StackApi operator) {
        Instant now = operator.freezeClock().now();
        Instant hour = now.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        Instant nextMonth = YearMonth.from(now.atOffset(ZoneOffset.UTC))
                .plusMonths(1)
                .atDay(1)
                .atStartOfDay()
                .toInstant(ZoneOffset.UTC);
        Instant start = hour.plus(1, ChronoUnit.DAYS).isBefore(nextMonth) ? hour : nextMonth;
        return operator.advanceClock(Duration.between(now, start)).now();
    }
}
