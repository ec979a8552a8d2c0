package io.cumulet.spotmarket.store;

import io.cumulet.contract.ContractJson;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.InstanceType;
import io.cumulet.kernel.OperatingSystem;
import io.cumulet.spotmarket.domain.fleets.AllocationStrategy;
import io.cumulet.spotmarket.domain.fleets.FleetTerms;
import io.cumulet.spotmarket.domain.fleets.FleetType;
import io.cumulet.spotmarket.domain.fleets.OnDemandStrategy;
import io.cumulet.spotmarket.domain.requests.Terms;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A fleet's terms as the column {@code spot_fleet.terms} has them. */
record FleetText(
        FleetType type,
        AllocationStrategy strategy,
        int poolsToUse,
        @Nullable String maxTotalPrice,
        @Nullable BigDecimal minTarget,
        boolean singleType,
        boolean singleZone,
        @Nullable Rebalance rebalance,
        boolean terminatesAtEnd,
        @Nullable Instant validFrom,
        @Nullable Instant validUntil,
        OperatingSystem os,
        Terms.Launch launch,
        List<OverrideText> overrides,
        Map<String, String> tags,
        @Nullable String requestedAs,
        @Nullable OnDemandStrategy onDemandStrategy) {

    /** @see FleetTerms.Rebalance */
    record Rebalance(boolean terminates, long delaySeconds) {}

    /** @see FleetTerms.LaunchOverride */
    record OverrideText(
            String type,
            @Nullable String zone,
            @Nullable String subnetId,
            @Nullable String maxPrice,
            BigDecimal weight,
            @Nullable BigDecimal priority,
            @Nullable Boolean notAsSpot,
            @Nullable Boolean notOnDemand) {

        static OverrideText of(FleetTerms.LaunchOverride override) {
            AvailabilityZone zone = override.zone();
            return new OverrideText(
                    override.type().value(),
                    zone == null ? null : zone.value(),
                    override.subnetId(),
                    text(override.maxPrice()),
                    override.weight(),
                    override.priority(),
                    override.asSpot() ? null : true,
                    override.onDemand() ? null : true);
        }

        FleetTerms.LaunchOverride read() {
            return new FleetTerms.LaunchOverride(
                    new InstanceType(type),
                    zone == null ? null : new AvailabilityZone(zone),
                    subnetId,
                    rate(maxPrice),
                    weight,
                    priority,
                    notAsSpot == null,
                    notOnDemand == null);
        }
    }

    static String write(FleetTerms terms) {
        FleetTerms.Rebalance rebalance = terms.rebalance();
        FleetText text = new FleetText(
                terms.type(),
                terms.strategy(),
                terms.poolsToUse(),
                text(terms.maxTotalPrice()),
                terms.minTarget(),
                terms.singleType(),
                terms.singleZone(),
                rebalance == null
                        ? null
                        : new Rebalance(
                                rebalance.terminates(), rebalance.delay().toSeconds()),
                terms.terminatesAtEnd(),
                terms.validFrom(),
                terms.validUntil(),
                terms.os(),
                terms.launch(),
                terms.overrides().stream().map(OverrideText::of).toList(),
                terms.tags(),
                terms.requestedAs(),
                terms.onDemandStrategy());
        return new String(ContractJson.write(text), StandardCharsets.UTF_8);
    }

    static FleetTerms read(String json) {
        FleetText text = json(json, FleetText.class);
        Rebalance rebalance = text.rebalance;
        return new FleetTerms(
                text.type,
                text.strategy,
                text.poolsToUse,
                rate(text.maxTotalPrice),
                text.minTarget,
                text.singleType,
                text.singleZone,
                rebalance == null
                        ? null
                        : new FleetTerms.Rebalance(rebalance.terminates, Duration.ofSeconds(rebalance.delaySeconds)),
                text.terminatesAtEnd,
                text.validFrom,
                text.validUntil,
                text.os,
                text.launch,
                text.overrides.stream().map(OverrideText::read).toList(),
                text.tags,
                text.requestedAs,
                text.onDemandStrategy == null ? OnDemandStrategy.LOWEST_PRICE : text.onDemandStrategy);
    }

    static <T> T json(String json, Class<T> type) {
        try {
            return ContractJson.read(json.getBytes(StandardCharsets.UTF_8), type);
        } catch (IOException e) {
            throw new IllegalStateException("What is kept of a fleet can't be read: " + json, e);
        }
    }

    private static @Nullable String text(@Nullable HourlyRate rate) {
        return rate == null ? null : rate.toString();
    }

    private static @Nullable HourlyRate rate(@Nullable String text) {
        return text == null ? null : new HourlyRate(new BigDecimal(text));
    }
}
