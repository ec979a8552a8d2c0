package io.cumulet.billing.domain.focus;

import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.billing.domain.metering.TagHistory;
import io.cumulet.kernel.HourlyRate;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.Optional;

/** What a dataset tells besides the charges. */
public interface FocusReference {

    /** The tags of an instance over time. */
    TagHistory tagsOf(String instanceId);

    /** What something costs on demand in the hour that begins at a moment; empty if no list says. */
    Optional<HourlyRate> listPrice(MeteredThing thing, Instant at);

    /** What people call a region. */
    String nameOf(Region region);
}
