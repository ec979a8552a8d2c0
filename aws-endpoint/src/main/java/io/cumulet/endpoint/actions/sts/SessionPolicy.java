package io.cumulet.endpoint.actions.sts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.endpoint.domain.keys.Policy;
import io.cumulet.endpoint.domain.keys.Statement;
import io.cumulet.endpoint.protocol.AwsError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the policy that a session is given: a document of IAM's that allows and denies actions. One that says more, of single
 * resources or on conditions, is refused rather than half understood.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session">Session policies</a>
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html">Grammar of policies</a>
 */
final class SessionPolicy {

    private static final int LONGEST = 2_048;
    private static final int PERCENT = 100;
    private static final Set<String> VERSIONS = Set.of("2012-10-17", "2008-10-17");
    private static final Set<String> OF_DOCUMENT = Set.of("Version", "Id", "Statement");
    private static final Set<String> OF_STATEMENT = Set.of("Sid", "Effect", "Action", "Resource");
    private static final Set<String> MORE = Set.of("NotAction", "NotResource", "Condition");
    private static final Pattern ACTION = Pattern.compile("\\*|[a-zA-Z0-9*?-]+:[a-zA-Z0-9*?]+");

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private SessionPolicy() {}

    /** @throws AwsError {@code MalformedPolicyDocument}, or {@code UnsupportedOperation} for what isn't understood here */
    static Policy of(String text) {
        if (text.length() > LONGEST) {
            throw AwsError.of(
                    "PackedPolicyTooLarge", "Packed policy consumes " + packedPercent(text) + "% of allotted space");
        }
        JsonNode document;
        try {
            document = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw malformed("This policy contains invalid Json");
        }
        mustBeObject(document, OF_DOCUMENT);
        if (document.has("Version")
                && !VERSIONS.contains(document.path("Version").asText())) {
            throw malformed("The policy must contain a valid version string");
        }
        List<Statement> statements = new ArrayList<>();
        for (JsonNode statement : listOrOne(document, "Statement")) {
            statements.add(statement(statement));
        }
        return new Policy(statements);
    }

    /** How much of the allotted space a policy takes, in percent. */
    static int packedPercent(String text) {
        return Math.ceilDiv(text.length() * PERCENT, LONGEST);
    }

    private static Statement statement(JsonNode statement) {
        for (String name : MORE) {
            if (statement.has(name)) {
                throw AwsError.unsupported("A session policy allows and denies actions here; it has no " + name);
            }
        }
        mustBeObject(statement, OF_STATEMENT);
        List<String> actions = new ArrayList<>();
        for (JsonNode action : listOrOne(statement, "Action")) {
            if (!action.isTextual() || !ACTION.matcher(action.textValue()).matches()) {
                throw malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
            }
            actions.add(action.textValue());
        }
        for (JsonNode resource : listOrOne(statement, "Resource")) {
            if (!resource.isTextual()) {
                throw malformed("Resource " + resource + " must be in ARN format or \"*\".");
            }
            if (!resource.textValue().equals("*")) {
                throw AwsError.unsupported(
                        "A session policy is about all resources here: Resource is *, not " + resource.textValue());
            }
        }
        return new Statement(
                switch (statement.path("Effect").asText()) {
                    case "Allow" -> Statement.Effect.ALLOW;
                    case "Deny" -> Statement.Effect.DENY;
                    default -> throw malformed("Effect is Allow or Deny");
                },
                actions);
    }

    private static void mustBeObject(JsonNode json, Set<String> known) {
        if (!json.isObject()) {
            throw malformed("Syntax errors in policy.");
        }
        json.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw malformed("Syntax errors in policy: there is no element " + name);
            }
        });
    }

    private static Iterable<JsonNode> listOrOne(JsonNode json, String name) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull() || value.isArray() && value.isEmpty()) {
            throw malformed("Policy statement must contain " + name);
        }
        return value.isArray() ? value : List.of(value);
    }

    private static AwsError malformed(String message) {
        return AwsError.of("MalformedPolicyDocument", message);
    }
}
