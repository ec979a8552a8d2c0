package io.cumulet.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The AsyncAPI document says exactly what {@link Topic} and {@link EventType} say. */
class AsyncApiTest {

    private static final Path DOCUMENT = Path.of("src/main/resources/asyncapi.json");
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @Test
    void theDocumentNamesEveryTopicAndEvent() throws IOException {
        ObjectNode expected = document();
        if (Boolean.getBoolean("contract.write")) {
            Files.writeString(DOCUMENT, JSON.writeValueAsString(expected) + "\n");
        }
        assertThat(JSON.readTree(Files.readString(DOCUMENT)))
                .as(
                        "asyncapi.json is written anew by: mvn -pl contract test -Dtest=AsyncApiTest -Dsurefire.argLine=-Dcontract.write=true")
                .isEqualTo(expected);
    }

    private static ObjectNode document() throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("asyncapi", "3.0.0");
        root.putObject("info")
                .put("title", "Cumulet events")
                .put("version", "1")
                .put(
                        "description",
                        "CloudEvents 1.0 in binary mode: attributes in Kafka headers (ce_…), the payload as JSON in the"
                                + " value, the id of what it is about as key.");
        root.put("defaultContentType", "application/json");
        ObjectNode channels = root.putObject("channels");
        ObjectNode operations = root.putObject("operations");
        for (Topic topic : Topic.values()) {
            ObjectNode channel = channels.putObject(topic.topicName());
            channel.put("address", topic.topicName());
            channel.put(
                    "description",
                    switch (topic.kept()) {
                        case FOREVER -> "Facts; kept for ever.";
                        case LATEST -> "States; the newest of each key is kept.";
                        case A_DAY -> "Changes; kept for a day.";
                    });
            channel.putObject("bindings")
                    .putObject("kafka")
                    .put("topic", topic.topicName())
                    .put("partitions", topic.partitions());
            ObjectNode messages = channel.putObject("messages");
            for (EventType type : EventType.values()) {
                if (type.topic() == topic) {
                    messages.putObject(type.typeName()).put("$ref", "#/components/messages/" + type.typeName());
                }
            }
            ObjectNode operation = operations.putObject("publish " + topic.topicName());
            operation.put("action", "send");
            operation.put("summary", "By the " + topic.owner().service());
            operation.putObject("channel").put("$ref", "#/channels/" + topic.topicName());
        }
        ObjectNode components = root.putObject("components");
        ObjectNode messages = components.putObject("messages");
        for (EventType type : EventType.values()) {
            ObjectNode message = messages.putObject(type.typeName());
            message.put("name", type.typeName());
            message.putObject("headers").put("$ref", "#/components/schemas/CloudEventHeaders");
            message.putObject("payload").put("$ref", "schemas/" + type.payload().getSimpleName() + ".v1.schema.json");
            message.putArray("examples").addObject().set("payload", JSON.readTree(Schemas.sample(type)));
        }
        ObjectNode headers = components.putObject("schemas").putObject("CloudEventHeaders");
        headers.put("type", "object");
        List<String> required = List.of(
                CloudEventHeaders.SPEC_VERSION,
                CloudEventHeaders.ID,
                CloudEventHeaders.SOURCE,
                CloudEventHeaders.TYPE,
                CloudEventHeaders.TIME,
                CloudEventHeaders.SUBJECT,
                CloudEventHeaders.ACCOUNT,
                CloudEventHeaders.REGION,
                CloudEventHeaders.EPOCH,
                CloudEventHeaders.AGGREGATE_VERSION);
        required.forEach(headers.putArray("required")::add);
        ObjectNode properties = headers.putObject("properties");
        required.forEach(name -> properties.putObject(name).put("type", "string"));
        properties.putObject(CloudEventHeaders.CAUSE_ID).put("type", "string");
        properties.putObject(CloudEventHeaders.MARKET).put("type", "string");
        properties.putObject(CloudEventHeaders.FLEET).put("type", "string");
        properties
                .putObject(CloudEventHeaders.TRACEPARENT)
                .put("type", "string")
                .put("description", "W3C Trace Context of what caused the event, if it is traced.");
        properties.putObject(CloudEventHeaders.TRACESTATE).put("type", "string");
        return root;
    }
}
