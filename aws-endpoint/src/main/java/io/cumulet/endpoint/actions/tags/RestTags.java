package io.cumulet.endpoint.actions.tags;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.services.RestService;
import java.util.List;
import java.util.function.Function;

/**
 * Resources of a service's REST API: {@code GET path} lists them, {@code GET path/id} tells of one, each with {@code tags} as
 * a map, and {@code PATCH path/id} takes {@code {"tags": {"key": "value", "gone": null}}}.
 *
 * <pre>{@code
 * @Produces
 * @Singleton
 * TaggedKind vpcs() {
 *     return new RestTags("vpc", "vpc", Call::instances, "/v1/vpcs", "vpcs", "vpcId");
 * }
 * }</pre>
 *
 * @param service which has them
 * @param list the field of {@code GET path} that holds them
 * @param idField an item's field with its id
 */
public record RestTags(
        String prefix,
        String resourceType,
        Function<Call, RestService> service,
        String path,
        String list,
        String idField)
        implements TaggedKind {

    private static final String TAGS = "tags";

    @Override
    public JsonNode tags(Call call, String id) {
        return service.apply(call).get(path(id)).path(TAGS);
    }

    @Override
    public void change(Call call, String id, ObjectNode changes) {
        ObjectNode body = Call.answer();
        body.set(TAGS, changes);
        service.apply(call).patch(path(id), body);
    }

    @Override
    public List<Tagged> all(Call call) {
        return service.apply(call).list(path, list).stream()
                .map(item -> new Tagged(item.path(idField).asText(), item.path(TAGS)))
                .toList();
    }

    private String path(String id) {
        return path + "/" + RestService.segment(id);
    }
}
