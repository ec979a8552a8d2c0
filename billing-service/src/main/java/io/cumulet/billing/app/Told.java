package io.cumulet.billing.app;

import io.cumulet.billing.domain.metering.Fact;
import io.cumulet.billing.domain.metering.TagChange;
import java.util.Map;

/**
 * What a lifecycle event told.
 *
 * @param tags what the instance was tagged with after it
 */
public record Told(Fact fact, Map<String, String> tags) {

    TagChange tagChange() {
        return new TagChange(fact.instanceId(), fact.version(), fact.at(), tags);
    }
}
