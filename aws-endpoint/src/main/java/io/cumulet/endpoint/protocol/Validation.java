package io.cumulet.endpoint.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.model.Shape;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Whether a value is one of its shape: its form, its bounds, and whether all is there that has to be. */
final class Validation {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /**
     * What has newer values than the model: the catalog has newer types, and services say whether one exists; Pricing's filters
     * have been of more types than {@code TERM_MATCH} since 2024. What a fleet does about too many instances EC2 looks at behind
     * a dry run; the market says which words there are. What a VPC's tenancy can't become has a code of its own.
     */
    private static final Set<String> OPEN =
            Set.of("InstanceType", "FilterType", "FleetExcessCapacityTerminationPolicy", "VpcTenancy");

    /** What EC2 takes in the older spelling of Spot Fleets, too: {@code lowestPrice} for {@code lowest-price}. */
    private static final Set<String> ALSO_CAMEL = Set.of("SpotAllocationStrategy", "FleetOnDemandAllocationStrategy");

    /** Of which EC2 doesn't mind the case. */
    private static final Set<String> CASELESS = Set.of("RuleAction", "OfferingTypeValues");

    /** Of which EC2 doesn't mind the case, and shows what was said: Terraform's provider writes {@code Default}. */
    private static final Set<String> CASELESS_AS_SAID = Set.of("ExcessCapacityTerminationPolicy");

    /** Where EC2 has other words for what is missing: the action says them. */
    private static final Set<String> LEFT_TO_THE_ACTION = Set.of("TerminateInstancesRequest");

    /** What EC2 calls a parameter that is missing, where it has another name for it. */
    private static final Map<String, String> CALLED =
            Map.of("CreateTagsRequest.Resources", "resourceIdSet", "DeleteTagsRequest.Resources", "resourceIdSet");

    private Validation() {}

    static void requireAll(ObjectNode node, Shape shape, String path) {
        if (LEFT_TO_THE_ACTION.contains(shape.name())) {
            return;
        }
        for (String name : shape.required()) {
            Shape.Member member = shape.members().get(name);
            if (member != null && !node.has(name)) {
                throw AwsError.missing(path + CALLED.getOrDefault(shape.name() + "." + name, member.queryName()));
            }
        }
    }

    static void checkSize(ArrayNode list, Shape shape, String path) {
        Long max = shape.max();
        if (max != null && list.size() > max) {
            throw AwsError.of("InvalidParameterValue", "The parameter " + path + " takes at most " + max + " values");
        }
    }

    /** Blobs stay base64, times become ISO 8601 in UTC. */
    static JsonNode scalar(String text, Shape shape, String path) {
        return switch (shape.type()) {
            case INTEGER -> integer(text, shape, path);
            case DOUBLE -> number(text, path);
            case BOOLEAN -> {
                if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
                    throw AwsError.invalidValue(path, text, "It is true or false");
                }
                yield JSON.booleanNode(Boolean.parseBoolean(text));
            }
            case TIMESTAMP -> JSON.textNode(time(text, path).toString());
            case BLOB -> {
                try {
                    Base64.getMimeDecoder().decode(text);
                } catch (IllegalArgumentException e) {
                    throw AwsError.invalidValue(path, text, "It has to be encoded as base64");
                }
                yield JSON.textNode(text);
            }
            default -> {
                if (text.indexOf('\0') >= 0) {
                    throw AwsError.invalidValue(path, text.replace('\0', '?'), "No text has the character NUL");
                }
                if (ALSO_CAMEL.contains(shape.name()) && shape.values().contains(kebab(text))) {
                    yield JSON.textNode(kebab(text));
                }
                if (CASELESS.contains(shape.name()) || CASELESS_AS_SAID.contains(shape.name())) {
                    for (String value : shape.values()) {
                        if (value.equalsIgnoreCase(text)) {
                            yield JSON.textNode(CASELESS_AS_SAID.contains(shape.name()) ? text : value);
                        }
                    }
                }
                if (!shape.values().isEmpty() && !shape.values().contains(text) && !OPEN.contains(shape.name())) {
                    throw notOneOf(text, shape, path);
                }
                yield JSON.textNode(text);
            }
        };
    }

    /** In EC2's words where it has some of its own. */
    private static AwsError notOneOf(String text, Shape shape, String path) {
        if (shape.name().endsWith("AttributeName") || shape.name().equals("NetworkInterfaceAttribute")) {
            return AwsError.invalidValue(lowerCamel(path), text, "Unknown attribute.");
        }
        return shape.name().equals("ResourceType")
                ? AwsError.of(
                        "InvalidParameterValue",
                        "'" + text + "' is not a valid taggable resource type for this operation.")
                : AwsError.invalidValue(path, text, "It is one of " + String.join(", ", shape.values()));
    }

    private static String lowerCamel(String name) {
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    private static String kebab(String camel) {
        return camel.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static JsonNode integer(String text, Shape shape, String path) {
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw AwsError.invalidValue(path, text, "It has to be an integer");
        }
        Long min = shape.min();
        Long max = shape.max();
        if (min != null && value < min) {
            throw AwsError.invalidValue(path, text, "Expecting a value greater than or equal to " + min + ".");
        }
        if (max != null && value > max) {
            throw AwsError.invalidValue(path, text, "Expecting a value less than or equal to " + max + ".");
        }
        return JSON.numberNode(value);
    }

    private static JsonNode number(String text, String path) {
        try {
            return JSON.numberNode(new BigDecimal(text));
        } catch (NumberFormatException e) {
            throw AwsError.invalidValue(path, text, "It has to be a number");
        }
    }

    private static Instant time(String text, String path) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            try {
                return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
            } catch (DateTimeParseException alsoNoDay) {
                throw AwsError.invalidValue(path, text, "It has to be a time such as 2026-12-01T08:00:00Z");
            }
        }
    }
}
