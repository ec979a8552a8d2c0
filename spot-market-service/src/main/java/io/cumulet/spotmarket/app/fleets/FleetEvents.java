package io.cumulet.spotmarket.app.fleets;

import io.cumulet.spotmarket.domain.fleets.Fleet;
import io.cumulet.spotmarket.domain.requests.SpotRequest;
import java.time.Instant;

/** What is told of fleets, in the transaction of what is told of. */
public interface FleetEvents {

    void changed(Fleet fleet, Instant at);

    /** A fleet has given up the instance of a request. */
    void gaveUp(SpotRequest request, Instant at);
}
