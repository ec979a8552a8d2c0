package io.cumulet.instances;

import io.cumulet.instances.app.SpotIntake.SpotMarket;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.quarkus.test.Mock;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands in for the spot market's REST API. */
@Mock
@ApplicationScoped
public class SpotMarketFake implements SpotMarket {

    /** Base64 by request. */
    static final Map<String, String> userData = new ConcurrentHashMap<>();

    /** Requests that were asked for while it was away. */
    static final Set<String> askedInVain = ConcurrentHashMap.newKeySet();

    /** Requests for which it is away. */
    static final Set<String> awayFor = ConcurrentHashMap.newKeySet();

    @Override
    public Optional<String> userData(String spotRequestId, Region region) {
        if (awayFor.contains(spotRequestId)) {
            askedInVain.add(spotRequestId);
            throw Refusal.of(ErrorCode.UNAVAILABLE, "The spot market is away").asException();
        }
        return Optional.ofNullable(userData.get(spotRequestId));
    }
}
