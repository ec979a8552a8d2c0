package io.cumulet.catalog.prices;

import io.cumulet.catalog.prices.PriceLists.ListedPrice;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OfferingClass;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.kernel.PaymentOption;
import io.cumulet.kernel.Region;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The dated prices of Reserved Instances that come with Cumulet: standard and convertible, for 1 and 3 years, Linux and
 * Windows, default tenancy, in us-east-1, eu-west-1 and ap-southeast-2. Sources and licences stand in the file's head.
 * Immutable; safe for many threads.
 */
public final class ReservedPrices {

    private static final String RESOURCE = "reserved.csv";

    /** What a price is of. */
    public record Key(
            Region region,
            InstanceType instanceType,
            OperatingSystem os,
            OfferingClass offeringClass,
            int years,
            PaymentOption paymentOption) {}

    private final Map<Key, List<ReservedPrice>> byKey;

    private ReservedPrices(Map<Key, List<ReservedPrice>> byKey) {
        this.byKey = byKey;
    }

    /** The prices that come with this version, read once. */
    public static ReservedPrices shipped() {
        return Shipped.PRICES;
    }

    /** The price in force at a moment; empty if no list has one. */
    public Optional<ReservedPrice> inForce(Key key, Instant at) {
        List<ReservedPrice> history = byKey.get(key);
        return history == null ? Optional.empty() : Optional.of(PriceLists.inForce(history, ReservedPrice::asOf, at));
    }

    /** All that have a price. */
    public Set<Key> keys() {
        return Collections.unmodifiableSet(byKey.keySet());
    }

    private static final class Shipped {

        private static final ReservedPrices PRICES = load();

        private static ReservedPrices load() {
            Map<Key, List<ReservedPrice>> byKey = new LinkedHashMap<>(16_384);
            // Names repeat thousands of times; checking each once keeps the start short.
            Map<String, Region> regions = new HashMap<>();
            Map<String, InstanceType> types = new HashMap<>();
            PriceLists.read(RESOURCE, (what, prices) -> {
                Key key = new Key(
                        regions.computeIfAbsent(what[0], Region::new),
                        types.computeIfAbsent(what[1], InstanceType::new),
                        OperatingSystem.ofCode(what[2]).orElseThrow(),
                        OfferingClass.ofCode(what[3]).orElseThrow(),
                        Integer.parseInt(what[4]),
                        PaymentOption.ofCode(what[5]).orElseThrow());
                byKey.put(
                        key,
                        prices.stream().map(price -> reservedPrice(key, price)).toList());
            });
            return new ReservedPrices(byKey);
        }

        private static ReservedPrice reservedPrice(Key key, ListedPrice price) {
            String[] parts = price.text().split("\\+");
            return new ReservedPrice(
                    key.region(),
                    key.instanceType(),
                    key.os(),
                    key.offeringClass(),
                    key.years(),
                    key.paymentOption(),
                    new BigDecimal(parts[0]),
                    new BigDecimal(parts[1]),
                    HourlyRate.of(parts[2]),
                    price.list().asOf(),
                    price.list().source());
        }
    }
}
