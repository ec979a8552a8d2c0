package io.cumulet.endpoint.actions.pricing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.catalog.Regions;
import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.catalog.prices.ReservedPrices;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Paged;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.PaymentOption;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The price list of EC2's instances: the catalog's prices in force at the stack's time, which billing charges, too.
 *
 * @see <a href="https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html">GetProducts</a>
 */
@ApplicationScoped
public class PricingActions implements ActionSet {

    private static final String FORMAT = "aws_v1";
    private static final int LARGEST = 100;

    private final OnDemandPrices onDemand = OnDemandPrices.shipped();
    private final ReservedPrices reserved = ReservedPrices.shipped();
    private final InstantSource clock;

    public PricingActions(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void addTo(Actions actions) {
        actions.add(Api.PRICING, "DescribeServices", this::describeServices);
        actions.add(Api.PRICING, "GetAttributeValues", this::getAttributeValues);
        actions.add(Api.PRICING, "GetProducts", this::getProducts);
    }

    private ObjectNode describeServices(Call call) {
        checkFormat(call);
        if (call.has("ServiceCode")) {
            checkService(call);
        }
        Paged<String> page = page(call, List.of(Product.SERVICE), Function.identity());
        ObjectNode answer = Call.answer().put("FormatVersion", FORMAT).put("NextToken", page.nextToken());
        ArrayNode services = answer.putArray("Services");
        for (String code : page.items()) {
            ArrayNode names = services.addObject().put("ServiceCode", code).putArray("AttributeNames");
            attributeNames().forEach(names::add);
        }
        return answer;
    }

    private SortedSet<String> attributeNames() {
        SortedSet<String> names = new TreeSet<>(List.of("productFamily", "termType"));
        products(product -> true)
                .forEach(product -> names.addAll(product.attributes().keySet()));
        return names;
    }

    private ObjectNode getAttributeValues(Call call) {
        checkService(call);
        String name = call.requiredText("AttributeName");
        if (!attributeNames().contains(name)) {
            throw AwsError.of("InvalidParameterException", "The service has no attribute " + name);
        }
        SortedSet<String> values = new TreeSet<>();
        products(product -> true).forEach(product -> values.addAll(valuesOf(product, name)));
        Paged<String> page = page(call, List.copyOf(values), Function.identity());
        ObjectNode answer = Call.answer().put("NextToken", page.nextToken());
        ArrayNode found = answer.putArray("AttributeValues");
        page.items().forEach(value -> found.addObject().put("Value", value));
        return answer;
    }

    private ObjectNode getProducts(Call call) {
        checkFormat(call);
        checkService(call);
        Predicate<Product> wanted = product -> true;
        for (JsonNode filter : call.get("Filters")) {
            wanted = wanted.and(filter(filter));
        }
        Paged<Product> page = page(call, products(wanted), Product::sku);
        ObjectNode answer = Call.answer().put("FormatVersion", FORMAT).put("NextToken", page.nextToken());
        ArrayNode items = answer.putArray("PriceList");
        Instant now = clock.instant();
        page.items().forEach(product -> items.add(product.json(reserved(product, now))));
        return answer;
    }

    private static <T> Paged<T> page(Call call, List<T> all, Function<T, String> key) {
        return Paged.of(call, "NextToken", call.number("MaxResults", LARGEST), all, key);
    }

    private List<Product> products(Predicate<Product> wanted) {
        Instant now = clock.instant();
        return Regions.all().stream()
                .flatMap(facts -> onDemand.listAt(facts.region(), now, price -> true).stream())
                .map(Product::of)
                .filter(wanted)
                .toList();
    }

    private List<PriceTerm> reserved(Product product, Instant now) {
        List<PriceTerm> terms = new ArrayList<>();
        if (product.canBeReserved()) {
            for (OfferingClass offeringClass : OfferingClass.values()) {
                for (int years : List.of(1, 3)) {
                    for (PaymentOption payment : PaymentOption.values()) {
                        reserved.inForce(
                                        new ReservedPrices.Key(
                                                product.price().region(),
                                                product.price().instanceType(),
                                                product.price().os(),
                                                offeringClass,
                                                years,
                                                payment),
                                        now)
                                .map(PriceTerm::reserved)
                                .ifPresent(terms::add);
                    }
                }
            }
        }
        return PriceTerm.sorted(terms);
    }

    /** Fields that no product has match nothing, as with AWS. */
    private Predicate<Product> filter(JsonNode filter) {
        String field = filter.path("Field").asText();
        String value = filter.path("Value").asText();
        List<String> parts = Arrays.stream(value.split(",")).map(String::strip).toList();
        return switch (filter.path("Type").asText()) {
            case "TERM_MATCH", "EQUALS" -> product -> has(product, field, value::equals);
            case "CONTAINS" -> product -> has(product, field, found -> found.contains(value));
            case "ANY_OF" -> product -> has(product, field, parts::contains);
            case "NONE_OF" -> product -> !has(product, field, parts::contains);
            default ->
                throw AwsError.of(
                        "InvalidParameterException",
                        "A filter's Type is TERM_MATCH, EQUALS, CONTAINS, ANY_OF or NONE_OF, not "
                                + filter.path("Type").asText());
        };
    }

    private boolean has(Product product, String field, Predicate<String> value) {
        return valuesOf(product, field).stream().anyMatch(value);
    }

    private List<String> valuesOf(Product product, String field) {
        return switch (field) {
            case "sku" -> List.of(product.sku());
            case "productFamily" -> List.of(Product.FAMILY);
            case "ServiceCode", "serviceCode" -> List.of(Product.SERVICE);
            case "termType" ->
                reserved(product, clock.instant()).isEmpty() ? List.of("OnDemand") : List.of("OnDemand", "Reserved");
            default -> {
                String value = product.attributes().get(field);
                yield value == null ? List.of() : List.of(value);
            }
        };
    }

    private static void checkFormat(Call call) {
        String format = call.text("FormatVersion");
        if (format != null && !format.equals(FORMAT)) {
            throw AwsError.of("InvalidParameterException", "FormatVersion is " + FORMAT + ", not " + format);
        }
    }

    private static void checkService(Call call) {
        String code = call.requiredText("ServiceCode");
        if (!code.equals(Product.SERVICE)) {
            throw new AwsError("NotFoundException", 400, "There are prices of AmazonEC2 alone, not of " + code, true);
        }
    }
}
