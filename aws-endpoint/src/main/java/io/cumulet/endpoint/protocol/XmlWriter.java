package io.cumulet.endpoint.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.model.Operation;
import io.cumulet.endpoint.model.ServiceModel;
import io.cumulet.endpoint.model.Shape;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** Writes an answer's tree, by the names of the model's members, as the XML of EC2 or of the query protocol. */
public final class XmlWriter {

    private static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final int USUAL_LENGTH = 2_048;

    private final StringBuilder out = new StringBuilder(USUAL_LENGTH);

    private XmlWriter() {}

    /** @throws IllegalStateException if the answer has a member that the operation's answer doesn't have */
    public static String answer(ServiceModel service, Operation operation, ObjectNode answer, String requestId) {
        XmlWriter writer = new XmlWriter();
        writer.out.append(DECLARATION);
        String root = operation.name() + "Response";
        writer.open(root, service.xmlNamespace());
        if (service.isEc2()) {
            writer.element("requestId", requestId);
            writer.members(answer, operation.output());
        } else {
            String wrapper = operation.resultWrapper();
            if (wrapper != null) {
                writer.out.append('<').append(wrapper).append('>');
            }
            writer.members(answer, operation.output());
            if (wrapper != null) {
                writer.close(wrapper);
            }
            writer.out.append("<ResponseMetadata>");
            writer.element("RequestId", requestId);
            writer.close("ResponseMetadata");
        }
        writer.close(root);
        return writer.out.toString();
    }

    /** The form of EC2's errors. */
    public static String ec2Error(AwsError error, String requestId) {
        XmlWriter writer = new XmlWriter();
        writer.out.append(DECLARATION).append("<Response><Errors><Error>");
        writer.element("Code", error.code());
        writer.element("Message", error.getMessage());
        writer.out.append("</Error></Errors>");
        writer.element("RequestID", requestId);
        writer.close("Response");
        return writer.out.toString();
    }

    /** The form of errors in the query protocol. */
    public static String queryError(AwsError error, String xmlNamespace, String requestId) {
        XmlWriter writer = new XmlWriter();
        writer.out.append(DECLARATION);
        writer.open("ErrorResponse", xmlNamespace);
        writer.out.append("<Error>");
        writer.element("Type", error.status() < 500 ? "Sender" : "Receiver");
        writer.element("Code", error.code());
        writer.element("Message", error.getMessage());
        writer.out.append("</Error>");
        writer.element("RequestId", requestId);
        writer.close("ErrorResponse");
        return writer.out.toString();
    }

    private void members(JsonNode node, Shape shape) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            Shape.Member member = shape.member(entry.getKey());
            if (member == null) {
                throw new IllegalStateException("An answer has no " + shape.name() + "." + entry.getKey());
            }
            if (!entry.getValue().isNull()) {
                value(member.wireName(), entry.getValue(), member.shape(), member.flattened());
            }
        }
    }

    private void value(String name, JsonNode value, Shape shape, boolean flattened) {
        switch (shape.type()) {
            case STRUCTURE -> {
                out.append('<').append(name).append('>');
                members(value, shape);
                close(name);
            }
            case LIST -> list(name, value, shape, flattened || shape.flattened());
            case MAP -> {
                out.append('<').append(name).append('>');
                value.properties().forEach(entry -> {
                    out.append("<entry>");
                    element("key", entry.getKey());
                    value("value", entry.getValue(), shape.element(), false);
                    close("entry");
                });
                close(name);
            }
            case TIMESTAMP -> element(name, TIME.format(Instant.parse(value.asText())));
            default -> element(name, value.asText());
        }
    }

    private void list(String name, JsonNode list, Shape shape, boolean flattened) {
        if (flattened) {
            list.forEach(element -> value(name, element, shape.element(), false));
            return;
        }
        if (list.isEmpty()) {
            out.append('<').append(name).append("/>");
            return;
        }
        out.append('<').append(name).append('>');
        list.forEach(element -> value(shape.elementName(), element, shape.element(), false));
        close(name);
    }

    private void open(String name, String xmlNamespace) {
        out.append('<').append(name).append(" xmlns=\"").append(xmlNamespace).append("\">");
    }

    private void close(String name) {
        out.append("</").append(name).append('>');
    }

    private void element(String name, String text) {
        out.append('<').append(name).append('>');
        escape(text);
        close(name);
    }

    /** What XML 1.0 can't hold at all is left out: a tag may have it, and one tag must not break a whole list. */
    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\r' -> out.append("&#xD;");
                case '\n', '\t' -> out.append(c);
                default -> {
                    if (c >= ' ' && c != '\uFFFE' && c != '\uFFFF') {
                        out.append(c);
                    }
                }
            }
        }
    }
}
