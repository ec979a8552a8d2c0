package io.cumulet.endpoint.actions.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.catalog.Regions;
import io.cumulet.catalog.prices.OnDemandPrices;
import io.cumulet.catalog.prices.ReservedPrices;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProductTest {

    private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");
    private static final Region IRELAND = new Region("eu-west-1");
    private static final InstanceType TYPE = new InstanceType("m4.large");

    @Test
    void anItemHasTheFormOfAwssPriceList() throws JsonProcessingException {
        Product product = Product.of(OnDemandPrices.shipped()
                .inForce(IRELAND, TYPE, OperatingSystem.LINUX, Tenancy.DEFAULT, NOW)
                .orElseThrow());
        PriceTerm reserved = PriceTerm.reserved(ReservedPrices.shipped()
                .inForce(
                        new ReservedPrices.Key(
                                IRELAND,
                                TYPE,
                                OperatingSystem.LINUX,
                                OfferingClass.STANDARD,
                                1,
                                PaymentOption.PARTIAL_UPFRONT),
                        NOW)
                .orElseThrow());

        JsonNode item = new ObjectMapper().readTree(product.json(List.of(reserved)));

        JsonNode attributes = item.path("product").path("attributes");
        assertThat(attributes.path("usagetype").asText()).isEqualTo("EU-BoxUsage:m4.large");
        assertThat(attributes.path("location").asText()).isEqualTo("EU (Ireland)");
        assertThat(attributes.path("memory").asText()).isEqualTo("8 GiB");
        assertThat(item.path("serviceCode").asText()).isEqualTo("AmazonEC2");
        String sku = item.path("product").path("sku").asText();
        assertThat(sku).matches("[A-Z0-9]{16}");
        JsonNode price = item.path("terms")
                .path("OnDemand")
                .path(sku + ".JRTCKXETXF")
                .path("priceDimensions")
                .path(sku + ".JRTCKXETXF.6YS6EN2CT7");
        assertThat(price.path("unit").asText()).isEqualTo("Hrs");
        assertThat(new BigDecimal(price.path("pricePerUnit").path("USD").asText()))
                .isEqualByComparingTo("0.111");
        JsonNode term = item.path("terms").path("Reserved").path(sku + ".HU7G6KETJZ");
        assertThat(term.path("priceDimensions")
                        .path(sku + ".HU7G6KETJZ.2TG2D8R56U")
                        .path("unit")
                        .asText())
                .isEqualTo("Quantity");
        assertThat(term.path("termAttributes").path("PurchaseOption").asText()).isEqualTo("Partial Upfront");
    }

    @Test
    void everyItemHasASkuOfItsOwn() {
        Set<String> skus = new HashSet<>();
        Regions.all().stream()
                .flatMap(facts -> OnDemandPrices.shipped().listAt(facts.region(), NOW, price -> true).stream())
                .forEach(price -> assertThat(skus.add(Product.of(price).sku())).isTrue());
    }
}
