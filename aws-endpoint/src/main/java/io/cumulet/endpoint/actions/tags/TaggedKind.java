package io.cumulet.endpoint.actions.tags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Call;
import java.util.List;

/**
 * A kind of resource that has tags; a CDI bean. {@code CreateTags}, {@code DeleteTags} and {@code DescribeTags} work on all
 * kinds there are. {@link RestTags} is one that a service's REST API keeps.
 */
public interface TaggedKind {

    /** What its ids begin with, before the dash: {@code vpc}; empty where they are UUIDs. */
    String prefix();

    /** What {@code DescribeTags} calls it: one of the model's {@code ResourceType}s. */
    String resourceType();

    /**
     * The tags of one, as a map by key.
     *
     * @throws io.cumulet.endpoint.protocol.AwsError with the kind's own code if the caller has no such resource
     */
    JsonNode tags(Call call, String id);

    /**
     * Changes tags: all that is asked for, or nothing.
     *
     * @param changes by key the new value, or null where the tag goes
     * @throws io.cumulet.endpoint.protocol.AwsError with the kind's own code if the caller has no such resource
     */
    void change(Call call, String id, ObjectNode changes);

    /** All that the caller has in the region, with and without tags. */
    List<Tagged> all(Call call);

    /**
     * A resource and its tags.
     *
     * @param tags a map by key
     */
    record Tagged(String id, JsonNode tags) {}
}
