package io.cumulet.endpoint.access;

import io.cumulet.endpoint.config.ThrottlingConfig;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.AccountId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Lets an account make as many requests of a kind as its bucket has tokens; of this process alone. Thread-safe. */
@ApplicationScoped
public class Throttle {

    /** Full buckets are like new ones, so all may be forgotten now and then. */
    private static final int MOST = 100_000;

    private enum Kind {
        DESCRIBE,
        MUTATE,
        RUN;

        static Kind of(String action) {
            if (action.equals("RunInstances")) {
                return RUN;
            }
            return action.startsWith("Describe")
                            || action.startsWith("Get")
                            || action.startsWith("List")
                            || action.startsWith("Search")
                    ? DESCRIBE
                    : MUTATE;
        }
    }

    private record Owner(AccountId account, Kind kind) {}

    private final ThrottlingConfig config;
    private final LongSupplier nanos;
    private final Map<Owner, TokenBucket> buckets = new ConcurrentHashMap<>();

    @Inject
    public Throttle(ThrottlingConfig config) {
        this(config, System::nanoTime);
    }

    Throttle(ThrottlingConfig config, LongSupplier nanos) {
        this.config = config;
        this.nanos = nanos;
    }

    /** @throws AwsError {@code RequestLimitExceeded}, {@code Throttling} or {@code ThrottlingException} */
    public void admit(AccountId account, String action, AccessErrors errors) {
        if (!config.enabled()) {
            return;
        }
        long now = nanos.getAsLong();
        if (buckets.size() >= MOST) {
            buckets.clear();
        }
        TokenBucket bucket =
                buckets.computeIfAbsent(new Owner(account, Kind.of(action)), owner -> bucket(owner.kind(), now));
        if (!bucket.take(now)) {
            throw errors.throttled();
        }
    }

    private TokenBucket bucket(Kind kind, long now) {
        return switch (kind) {
            case DESCRIBE ->
                new TokenBucket(
                        config.describe().bucketSize(), config.describe().refillPerSecond(), now);
            case MUTATE ->
                new TokenBucket(config.mutate().bucketSize(), config.mutate().refillPerSecond(), now);
            case RUN -> new TokenBucket(config.run().bucketSize(), config.run().refillPerSecond(), now);
        };
    }
}
