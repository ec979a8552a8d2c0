package io.cumulet.billing.api.upload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.billing.api.upload.UsageTypes.Used;
import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.billing.domain.whatifs.InstanceHours;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Market;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.Tenancy;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rows of FOCUS 1.x, one for each charge and hour. What ran is read from {@code SkuPriceDetails}, or from the columns that AWS adds.
 *
 * @see <a href="https://focus.finops.org/focus-specification/v1-2/#columns">Columns</a>
 */
final class FocusRows implements RowReader {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Columns.Sources SOURCES =
            new Columns.Sources("ResourceId", "ChargePeriodStart", "ChargePeriodEnd", "ConsumedQuantity");

    private static final Map<String, BigDecimal> SECONDS_BY_UNIT = Map.of(
            "seconds", BigDecimal.ONE,
            "hours", BigDecimal.valueOf(3_600),
            "hour", BigDecimal.valueOf(3_600),
            "hrs", BigDecimal.valueOf(3_600));

    /** Rows that are alike have the same details, and they stand together. */
    private String lastDetails = "";

    private JsonNode lastParsed = JSON.nullNode();

    /** What ran. */
    private record Ran(Used used, @Nullable OperatingSystem os) {}

    @Override
    public @Nullable String read(Columns.Row row, AccountId account, InstanceHours hours) {
        String category = row.required("ChargeCategory");
        if (!category.equals("Usage")) {
            return "charge category " + category;
        }
        if (!row.text("ChargeClass").isEmpty()) {
            return "charge class " + row.text("ChargeClass");
        }
        if (row.text("CommitmentDiscountStatus").equals("Unused")) {
            return "unused commitment";
        }
        String resourceType = row.text("ResourceType");
        if (!resourceType.isEmpty() && !resourceType.toLowerCase(Locale.ROOT).endsWith("instance")) {
            return "resource type " + resourceType;
        }
        Optional<Ran> ran = ran(row);
        if (ran.isEmpty()) {
            return "no instance-hours: " + row.text("ServiceName");
        }
        OperatingSystem os = ran.get().os();
        if (os == null) {
            return "system without a price";
        }
        Used used = ran.get().used();
        MeteredThing thing = new MeteredThing(account, zone(row), used.type(), os, used.tenancy(), used.market(), null);
        row.addTo(hours, SOURCES, thing, seconds(row));
        return null;
    }

    private Optional<Ran> ran(Columns.Row row) {
        JsonNode details = details(row);
        String type = details.path("InstanceType").asText();
        if (!type.isEmpty()) {
            if (!InstanceType.isValid(type)) {
                throw row.refused("SkuPriceDetails", "there is no instance type " + type);
            }
            Market market = row.text("PricingCategory").equals("Dynamic") ? Market.SPOT : Market.ON_DEMAND;
            Tenancy tenancy = Tenancy.ofCode(details.path("x_Tenancy").asText()).orElse(Tenancy.DEFAULT);
            return Optional.of(new Ran(
                    new Used(new InstanceType(type), tenancy, market),
                    UsageTypes.systemNamed(details.path("OperatingSystem").asText())
                            .orElse(null)));
        }
        return UsageTypes.of(row.text("x_UsageType"))
                .map(used -> new Ran(
                        used, UsageTypes.systemOf(row.text("x_Operation")).orElse(null)));
    }

    private JsonNode details(Columns.Row row) {
        String text = row.text("SkuPriceDetails");
        if (!text.equals(lastDetails)) {
            try {
                lastParsed = JSON.readTree(text);
            } catch (JsonProcessingException e) {
                throw row.refused("SkuPriceDetails", "it is not JSON");
            }
            lastDetails = text;
        }
        return lastParsed;
    }

    private static BigDecimal seconds(Columns.Row row) {
        BigDecimal each = row.named(
                "ConsumedUnit", unit -> Optional.ofNullable(SECONDS_BY_UNIT.get(unit.toLowerCase(Locale.ROOT))));
        return row.quantity("ConsumedQuantity").multiply(each);
    }

    private static AvailabilityZone zone(Columns.Row row) {
        if (!row.text("AvailabilityZone").isEmpty()) {
            return row.named(
                    "AvailabilityZone",
                    name -> Optional.of(name).filter(AvailabilityZone::isValid).map(AvailabilityZone::new));
        }
        Region in = row.named(
                "RegionId", name -> Optional.of(name).filter(Region::isValid).map(Region::new));
        return new AvailabilityZone(in.value() + "a");
    }
}
