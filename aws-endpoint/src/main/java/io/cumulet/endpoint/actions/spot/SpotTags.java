package io.cumulet.endpoint.actions.spot;

import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.tags.RestTags;
import io.cumulet.endpoint.actions.tags.TaggedKind;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Tags of spot requests. */
class SpotTags {

    @Produces
    @Singleton
    TaggedKind spotRequests() {
        return new RestTags(
                "sir",
                "spot-instances-request",
                Call::spotMarket,
                "/v1/spot-requests",
                "spotRequests",
                "spotRequestId");
    }
}
