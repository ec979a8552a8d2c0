package io.cumulet.spotmarket.domain.pricing;

import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.Outcome;
import io.cumulet.spotmarket.domain.market.PoolId;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A price as EC2 tells it.
 *
 * @param vpc whether its product says that it is for instances in a VPC
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SpotPrice.html">SpotPrice</a>
 */
public record SpotPriceRow(PoolId pool, boolean vpc, PriceSeries.Change change) {

    /** A row's fields as they are written, or null where it has none. */
    public record Text(
            @Nullable String availabilityZone,
            @Nullable String instanceType,
            @Nullable String productDescription,
            @Nullable String spotPrice,
            @Nullable String timestamp) {}

    /** Reads a row; a refusal names EC2's field. */
    public static Outcome<SpotPriceRow> read(Text text) {
        String zone = text.availabilityZone();
        if (zone == null || !AvailabilityZone.isValid(zone)) {
            return refused("AvailabilityZone", "It is the name of a zone such as us-east-1a, not " + zone);
        }
        String type = text.instanceType();
        if (type == null || !InstanceType.isValid(type)) {
            return refused("InstanceType", "It is the name of a type such as m4.large, not " + type);
        }
        Optional<ProductDescription> product =
                Optional.ofNullable(text.productDescription()).flatMap(ProductDescription::ofText);
        if (product.isEmpty()) {
            return refused(
                    "ProductDescription",
                    "It is one of " + ProductDescription.texts() + ", not " + text.productDescription());
        }
        String price = text.spotPrice();
        if (price == null || !HourlyRate.isValid(price)) {
            return refused("SpotPrice", "It is USD per hour as a decimal text such as 0.0500, not " + price);
        }
        String timestamp = text.timestamp();
        if (timestamp != null) {
            try {
                return Outcome.done(new SpotPriceRow(
                        new PoolId(
                                new AvailabilityZone(zone),
                                new InstanceType(type),
                                product.get().os()),
                        product.get().isOfVpc(),
                        new PriceSeries.Change(OffsetDateTime.parse(timestamp).toInstant(), HourlyRate.of(price))));
            } catch (DateTimeParseException e) {
                // Refused below.
            }
        }
        return refused("Timestamp", "It is a time such as 2026-01-31T12:00:00+00:00, not " + timestamp);
    }

    /**
     * The prices of each pool. Old histories have prices in and outside of a VPC for one pool: those in a VPC count then,
     * since every instance is in one.
     */
    public static Map<PoolId, PriceSeries> series(List<SpotPriceRow> rows) {
        Set<PoolId> inVpc = new HashSet<>();
        rows.stream().filter(SpotPriceRow::vpc).map(SpotPriceRow::pool).forEach(inVpc::add);
        Map<PoolId, List<PriceSeries.Change>> changes = new HashMap<>();
        for (SpotPriceRow row : rows) {
            if (row.vpc || !inVpc.contains(row.pool)) {
                changes.computeIfAbsent(row.pool, pool -> new ArrayList<>()).add(row.change);
            }
        }
        Map<PoolId, PriceSeries> series = new TreeMap<>();
        changes.forEach((pool, all) -> series.put(pool, PriceSeries.of(all)));
        return series;
    }

    private static Outcome<SpotPriceRow> refused(String field, String message) {
        return Outcome.refused(ErrorCode.INVALID_PARAMETER_VALUE, field, message);
    }
}
