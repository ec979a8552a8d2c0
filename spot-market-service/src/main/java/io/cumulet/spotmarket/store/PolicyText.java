package io.cumulet.spotmarket.store;

import io.cumulet.contract.ContractJson;
import io.cumulet.spotmarket.domain.pricing.PricingPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A pricing policy as the column {@code pool.policy} has it; null is the auction. */
record PolicyText(@Nullable Smoothed smoothed, @Nullable Trace trace) {

    /** @see PricingPolicy.Smoothed */
    record Smoothed(int percent, long intervalSeconds) {}

    /** @see PricingPolicy.Trace */
    record Trace(String traceId, Instant from, Instant at, int speed) {}

    static PricingPolicy read(@Nullable String json) {
        if (json == null) {
            return PricingPolicy.AUCTION;
        }
        try {
            PolicyText text = ContractJson.read(json.getBytes(StandardCharsets.UTF_8), PolicyText.class);
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

    static @Nullable String write(PricingPolicy policy) {
        PolicyText text = switch (policy) {
            case PricingPolicy.Auction auction -> null;
            case PricingPolicy.Smoothed(int percent, Duration interval) ->
                new PolicyText(new Smoothed(percent, interval.toSeconds()), null);
            case PricingPolicy.Trace(String traceId, Instant from, Instant at, int speed) ->
                new PolicyText(null, new Trace(traceId, from, at, speed));
        };
        return text == null ? null : new String(ContractJson.write(text), StandardCharsets.UTF_8);
    }
}
