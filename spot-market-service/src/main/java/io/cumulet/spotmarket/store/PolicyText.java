package io.cumulet.spotmarket.store;

import io.cumulet.contract.ContractJson;
import io.cumulet.spotmarket.config.PricingConfig;
import io.cumulet.spotmarket.domain.pricing.PricingPolicy;
import io.smallrye.config.SmallRyeConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** A pricing policy as the column {@code pool.policy} has it; null is the configured one. */
record PolicyText(
        @Nullable Auction auction,
        @Nullable Smoothed smoothed,
        @Nullable Trace trace) {

    /** @see PricingPolicy.Auction */
    record Auction() {}

    /** @see PricingPolicy.Smoothed */
    record Smoothed(int percent, long intervalSeconds) {}

    /** @see PricingPolicy.Trace */
    record Trace(String traceId, Instant from, Instant at, int speed) {}

    /** What is configured; it doesn't change while a process runs. */
    private static final class Usual {
        static final PricingPolicy POLICY =
                of(ConfigProvider.getConfig().unwrap(SmallRyeConfig.class).getConfigMapping(PricingConfig.class));

        private static PricingPolicy of(PricingConfig config) {
            return switch (config.policy()) {
                case AUCTION -> PricingPolicy.AUCTION;
                case SMOOTHED -> {
                    if (config.percent() < 1
                            || config.percent() > 100
                            || config.interval().compareTo(Duration.ofSeconds(1)) < 0) {
                        throw new IllegalStateException(
                                "cumulet.spot-market.pricing: percent is 1 to 100 and interval at"
                                        + " least a second, not " + config.percent() + " and " + config.interval());
                    }
                    yield new PricingPolicy.Smoothed(config.percent(), config.interval());
                }
            };
        }
    }

    static PricingPolicy read(@Nullable String json) {
        if (json == null) {
            return Usual.POLICY;
        }
        try {
            PolicyText text = ContractJson.read(json.getBytes(StandardCharsets.UTF_8), PolicyText.class);
            if (text.auction != null) {
                return PricingPolicy.AUCTION;
            }
            Smoothed smoothed = text.smoothed;
            if (smoothed != null) {
                return new PricingPolicy.Smoothed(smoothed.percent, Duration.ofSeconds(smoothed.intervalSeconds));
            }
            Trace trace = Objects.requireNonNull(text.trace);
            return new PricingPolicy.Trace(trace.traceId, trace.from, trace.at, trace.speed);
        } catch (IOException e) {
            throw new IllegalStateException("A pool's policy can't be read: " + json, e);
        }
    }

    static String write(PricingPolicy policy) {
        PolicyText text = switch (policy) {
            case PricingPolicy.Auction auction -> new PolicyText(new Auction(), null, null);
            case PricingPolicy.Smoothed(int percent, Duration interval) ->
                new PolicyText(null, new Smoothed(percent, interval.toSeconds()), null);
            case PricingPolicy.Trace(String traceId, Instant from, Instant at, int speed) ->
                new PolicyText(null, null, new Trace(traceId, from, at, speed));
        };
        return new String(ContractJson.write(text), StandardCharsets.UTF_8);
    }
}
