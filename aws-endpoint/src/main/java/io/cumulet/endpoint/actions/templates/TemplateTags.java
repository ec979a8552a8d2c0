package io.cumulet.endpoint.actions.templates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.actions.Call;
import io.cumulet.endpoint.actions.tags.TaggedKind;
import io.cumulet.endpoint.templates.LaunchTemplates;
import io.cumulet.endpoint.templates.TemplateName;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tags of launch templates. */
@ApplicationScoped
class TemplateTags implements TaggedKind {

    private final LaunchTemplates templates;

    TemplateTags(LaunchTemplates templates) {
        this.templates = templates;
    }

    @Override
    public String prefix() {
        return "lt";
    }

    @Override
    public String resourceType() {
        return "launch-template";
    }

    @Override
    public JsonNode tags(Call call, String id) {
        return TemplateActions.tags(templates.get(call.account(), call.region(), named(id)));
    }

    @Override
    public void change(Call call, String id, ObjectNode changes) {
        templates.tag(call.account(), call.region(), named(id), before -> {
            Map<String, String> after = new TreeMap<>(before);
            changes.properties().forEach(change -> {
                if (change.getValue().isNull()) {
                    after.remove(change.getKey());
                } else {
                    after.put(change.getKey(), change.getValue().asText());
                }
            });
            return after;
        });
    }

    @Override
    public List<Tagged> all(Call call) {
        return templates.list(call.account(), call.region()).stream()
                .map(template -> new Tagged(template.id(), TemplateActions.tags(template)))
                .toList();
    }

    private static TemplateName named(String id) {
        return TemplateName.of(JsonNodeFactory.instance.objectNode().put("LaunchTemplateId", id));
    }
}
