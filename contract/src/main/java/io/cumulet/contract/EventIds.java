package io.cumulet.contract;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * The ids of events whose keys are never given twice: they follow from topic, key and version, so that an event can name
 * the one that led to it without having to remember its id.
 */
public final class EventIds {

    private EventIds() {}

    /** The {@code ce_id} of the event of a topic with this key and version; a name-based UUID. */
    public static String of(Topic topic, String key, long version) {
        return UUID.nameUUIDFromBytes((topic.topicName() + "/" + key + "/" + version).getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
