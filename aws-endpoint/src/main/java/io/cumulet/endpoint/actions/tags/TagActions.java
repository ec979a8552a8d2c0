package io.cumulet.endpoint.actions.tags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.ActionSet;
import io.cumulet.endpoint.actions.Actions;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.Filters;
import io.cumulet.endpoint.actions.Listing;
import io.cumulet.endpoint.protocol.AwsError;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tags on whatever has them. */
@ApplicationScoped
public class TagActions implements ActionSet {

    private static final int MOST_TAGS = 50;
    private static final int MOST_RESOURCES = 1_000;
    private static final String RESERVED = "aws:";
    private static final String OF_KEY = "tag:";
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** How ids of all kinds end. */
    private static final Pattern NUMBER = Pattern.compile("-[0-9a-z]{8}([0-9a-z]{9})?$");

    private final Map<String, TaggedKind> kinds = new TreeMap<>();

    /** @throws IllegalStateException if two kinds' ids begin alike */
    public TagActions(Instance<TaggedKind> kinds) {
        for (TaggedKind kind : kinds) {
            if (this.kinds.put(kind.prefix(), kind) != null) {
                throw new IllegalStateException("There are two kinds with ids " + kind.prefix() + "-…");
            }
        }
    }

    @Override
    public void addTo(Actions actions) {
        actions.ec2("CreateTags", this::create);
        actions.ec2("DeleteTags", this::delete);
        actions.ec2("DescribeTags", this::describe);
    }

    private ObjectNode create(Call call) {
        if (call.get("Tags").isEmpty()) {
            throw AwsError.missing("Tag.1.Key");
        }
        ObjectNode wanted = Call.answer();
        for (JsonNode tag : call.get("Tags")) {
            String key = key(tag);
            if (wanted.has(key)) {
                throw AwsError.of("InvalidParameterValue", "Tag keys must be unique; '" + key + "' is given twice");
            }
            wanted.put(key, tag.path("Value").asText(""));
        }
        return change(call, (id, tags) -> {
            ObjectNode after = Call.answer();
            tags.properties().forEach(tag -> after.set(tag.getKey(), tag.getValue()));
            after.setAll(wanted);
            long own = after.properties().stream()
                    .filter(tag -> !tag.getKey().startsWith(RESERVED))
                    .count();
            if (own > MOST_TAGS) {
                throw AwsError.of(
                        "TagLimitExceeded",
                        "The resource '" + id + "' would have " + own + " tags; it may have " + MOST_TAGS);
            }
            return wanted;
        });
    }

    /** A tag given with a value goes only if it has that value; no tags given means all but those of AWS. */
    private ObjectNode delete(Call call) {
        return change(call, (id, tags) -> {
            ObjectNode gone = Call.answer();
            if (call.get("Tags").isEmpty()) {
                tags.properties().stream()
                        .filter(tag -> !tag.getKey().startsWith(RESERVED))
                        .forEach(tag -> gone.putNull(tag.getKey()));
            }
            for (JsonNode tag : call.get("Tags")) {
                String key = key(tag);
                JsonNode has = tags.path(key);
                if (!has.isMissingNode()
                        && (!tag.hasNonNull("Value")
                                || tag.path("Value").asText().equals(has.asText()))) {
                    gone.putNull(key);
                }
            }
            return gone;
        });
    }

    private static String key(JsonNode tag) {
        String key = tag.path("Key").asText();
        if (key.isEmpty()) {
            throw AwsError.of("InvalidParameterValue", "Tag key cannot be empty");
        }
        if (key.startsWith(RESERVED)) {
            throw AwsError.of("InvalidParameterValue", "Tag keys starting with 'aws:' are reserved for internal use");
        }
        return key;
    }

    /**
     * Looks at all resources before it changes the first. One that goes or is tagged meanwhile may be refused then, with
     * those before it changed already; the same call can be made again.
     *
     * @param changes of an id and its tags: what to set, or null where the tag goes
     */
    private ObjectNode change(Call call, BiFunction<String, JsonNode, ObjectNode> changes) {
        List<String> ids = call.texts("Resources").stream().distinct().toList();
        if (ids.isEmpty()) {
            throw AwsError.missing("resourceIdSet");
        }
        if (ids.size() > MOST_RESOURCES) {
            throw AwsError.of("InvalidParameterValue", "A request names at most " + MOST_RESOURCES + " resources");
        }
        Map<String, TaggedKind> named = new LinkedHashMap<>();
        ids.forEach(id -> named.put(id, kindOf(id)));
        Map<String, ObjectNode> changed = new LinkedHashMap<>();
        named.forEach((id, kind) -> changed.put(id, changes.apply(id, kind.tags(call, id))));
        changed.forEach((id, change) -> {
            if (!change.isEmpty()) {
                kindOf(id).change(call, id, change);
            }
        });
        return call.done();
    }

    /** @throws AwsError {@code InvalidID} if ids of no kind look like that */
    private TaggedKind kindOf(String id) {
        TaggedKind kind = kindOrNull(id);
        if (kind == null || !kind.prefix().isEmpty() && !NUMBER.matcher(id).find()) {
            throw AwsError.of("InvalidID", "The ID '" + id + "' is not valid");
        }
        return kind;
    }

    private @Nullable TaggedKind kindOrNull(String id) {
        if (UUID.matcher(id).matches()) {
            return kinds.get("");
        }
        int dash = id.lastIndexOf('-');
        return dash < 0 ? null : kinds.get(id.substring(0, dash));
    }

    private ObjectNode describe(Call call) {
        Listing listing = Listing.of(
                        call,
                        "Tags",
                        tag -> tag.path("ResourceId").asText() + " "
                                + tag.path("Key").asText())
                .filter("key", Filters.at("Key"))
                .filter("value", Filters.at("Value"));
        Filters filters = Filters.of(call);
        for (String name : filters.wanted().keySet()) {
            if (name.startsWith(OF_KEY)) {
                String key = name.substring(OF_KEY.length());
                listing.filter(
                        name,
                        tag -> tag.path("Key").asText().equals(key)
                                ? List.of(tag.path("Value").asText())
                                : List.of());
            }
        }
        List<ObjectNode> tags = new ArrayList<>();
        List<String> ids = filters.takePlain("resource-id");
        if (ids != null) {
            ids.stream().distinct().forEach(id -> addOf(call, id, tags));
        } else {
            List<String> types = filters.takePlain("resource-type");
            for (TaggedKind kind : kinds.values()) {
                if (types == null || types.contains(kind.resourceType())) {
                    add(kind, kind.all(call), tags);
                }
            }
        }
        return listing.answer(tags);
    }

    /** The tags of one, if there is such a one. */
    private void addOf(Call call, String id, Collection<ObjectNode> tags) {
        TaggedKind kind = kindOrNull(id);
        if (kind == null) {
            return;
        }
        try {
            add(kind, List.of(new TaggedKind.Tagged(id, kind.tags(call, id))), tags);
        } catch (AwsError e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    private static void add(TaggedKind kind, List<TaggedKind.Tagged> resources, Collection<ObjectNode> tags) {
        for (TaggedKind.Tagged resource : resources) {
            resource.tags()
                    .properties()
                    .forEach(tag -> tags.add(Call.answer()
                            .put("Key", tag.getKey())
                            .put("ResourceId", resource.id())
                            .put("ResourceType", kind.resourceType())
                            .put("Value", tag.getValue().asText())));
        }
    }
}
