package io.cumulet.billing.api.upload;

import io.cumulet.billing.api.upload.UsageTypes.Used;
import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.billing.domain.whatifs.InstanceHours;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.Region;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows of AWS's Cost and Usage Report, with the column names of either version.
 *
 * @see <a href="https://docs.aws.amazon.com/cur/latest/userguide/data-dictionary.html">Data dictionary</a>
 */
record CostAndUsageRows(
        String lineItemType,
        String product,
        String usageType,
        String operation,
        String start,
        String end,
        String amount,
        String resource,
        String zone,
        String region)
        implements RowReader {

    static final CostAndUsageRows LEGACY = new CostAndUsageRows(
            "lineItem/LineItemType",
            "lineItem/ProductCode",
            "lineItem/UsageType",
            "lineItem/Operation",
            "lineItem/UsageStartDate",
            "lineItem/UsageEndDate",
            "lineItem/UsageAmount",
            "lineItem/ResourceId",
            "lineItem/AvailabilityZone",
            "product/region");

    static final CostAndUsageRows TWO = new CostAndUsageRows(
            "line_item_line_item_type",
            "line_item_product_code",
            "line_item_usage_type",
            "line_item_operation",
            "line_item_usage_start_date",
            "line_item_usage_end_date",
            "line_item_usage_amount",
            "line_item_resource_id",
            "line_item_availability_zone",
            "product_region_code");

    /** On demand and spot, under Reserved Instances, under a Savings Plan. */
    private static final Set<String> USAGE = Set.of("Usage", "DiscountedUsage", "SavingsPlanCoveredUsage");

    private static final BigDecimal HOUR_SECONDS = BigDecimal.valueOf(3_600);

    @Override
    public @Nullable String read(Columns.Row row, AccountId account, InstanceHours hours) {
        String kind = row.required(lineItemType);
        if (!USAGE.contains(kind)) {
            return "line item type " + kind;
        }
        String code = row.text(product);
        if (!code.equals("AmazonEC2")) {
            return "product " + code;
        }
        Optional<Used> used = UsageTypes.of(row.required(usageType));
        if (used.isEmpty()) {
            return "no instance-hours: " + withoutRegionAndSize(row.text(usageType));
        }
        Optional<OperatingSystem> os = UsageTypes.systemOf(row.required(operation));
        if (os.isEmpty()) {
            return "system of " + row.text(operation);
        }
        MeteredThing thing = new MeteredThing(
                account,
                zone(row),
                used.get().type(),
                os.get(),
                used.get().tenancy(),
                used.get().market(),
                null);
        row.addTo(
                hours,
                new Columns.Sources(resource, start, end, amount),
                thing,
                row.quantity(amount).multiply(HOUR_SECONDS));
        return null;
    }

    private AvailabilityZone zone(Columns.Row row) {
        if (!row.text(zone).isEmpty()) {
            return row.named(
                    zone,
                    name -> Optional.of(name).filter(AvailabilityZone::isValid).map(AvailabilityZone::new));
        }
        Region in = row.named(
                region, name -> Optional.of(name).filter(Region::isValid).map(Region::new));
        return new AvailabilityZone(in.value() + "a");
    }

    private static String withoutRegionAndSize(String usageType) {
        return usageType.replaceFirst("^[A-Z0-9]+-", "").replaceFirst(":.*", "");
    }
}
