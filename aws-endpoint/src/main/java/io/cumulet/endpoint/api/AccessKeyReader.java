package io.cumulet.endpoint.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.domain.keys.AccessKey;
import io.cumulet.endpoint.domain.keys.Policy;
import io.cumulet.endpoint.domain.keys.Statement;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Reads requests about access keys by hand, so that nothing is converted silently and each fault names its place. */
final class AccessKeyReader {

    private static final int MOST_STATEMENTS = 50;
    private static final int MOST_ACTIONS = 200;

    /** The form of a request, for the OpenAPI document alone. */
    @Schema(name = "CreateAccessKeyRequest")
    record CreateForm(
            @Schema(description = "What the key may do; everything if left out") @Nullable
            List<AccessKeyView.StatementView> policy) {}

    /** The form of a request, for the OpenAPI document alone. */
    @Schema(name = "ModifyAccessKeyRequest", description = "A field left out stays")
    record ModifyForm(
            @Schema(enumeration = {"Active", "Inactive"}) @Nullable
            String status,

            @Schema(description = "null: the key may do everything") @Nullable
            List<AccessKeyView.StatementView> policy) {}

    private AccessKeyReader() {}

    /** @return null if the key is to do everything */
    static @Nullable Policy create(@Nullable JsonNode body) {
        JsonNode json = body(body, Set.of("policy"));
        return json.hasNonNull("policy") ? policy(json.get("policy")) : null;
    }

    /** @return what makes of a key what it shall be */
    static UnaryOperator<AccessKey> modify(@Nullable JsonNode body) {
        JsonNode json = body(body, Set.of("status", "policy"));
        if (json.isEmpty()) {
            throw Refusal.of(ErrorCode.MISSING_PARAMETER, "status", "Say what to change: status or policy")
                    .asException();
        }
        AccessKey.Status status = json.has("status") ? status(json.get("status")) : null;
        Policy policy = json.hasNonNull("policy") ? policy(json.get("policy")) : null;
        boolean setsPolicy = json.has("policy");
        return key -> key.with(status == null ? key.status() : status, setsPolicy ? policy : key.policy());
    }

    private static JsonNode body(@Nullable JsonNode body, Set<String> known) {
        if (body == null || !body.isObject()) {
            throw Refusal.of(ErrorCode.MALFORMED_REQUEST, "A JSON object is expected as the body")
                    .asException();
        }
        fields(body, "", known);
        return body;
    }

    private static void fields(JsonNode json, String path, Set<String> known) {
        json.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw Refusal.of(ErrorCode.UNKNOWN_PARAMETER, path + name, "There is no field " + path + name)
                        .asException();
            }
        });
    }

    private static AccessKey.Status status(JsonNode json) {
        return Arrays.stream(AccessKey.Status.values())
                .filter(status -> status.code().equals(json.textValue()))
                .findFirst()
                .orElseThrow(() -> invalid("status", "It is Active or Inactive; not " + json));
    }

    private static Policy policy(JsonNode json) {
        List<Statement> statements = new ArrayList<>();
        for (JsonNode statement : elements(json, "policy", MOST_STATEMENTS)) {
            String path = "policy[" + statements.size() + "]";
            if (!statement.isObject()) {
                throw invalid(path, "A statement is an object with effect and actions");
            }
            fields(statement, path + ".", Set.of("effect", "actions"));
            statements.add(new Statement(effect(statement, path), actions(statement, path)));
        }
        return new Policy(statements);
    }

    private static Statement.Effect effect(JsonNode statement, String path) {
        String field = path + ".effect";
        JsonNode json = required(statement, "effect", field);
        return Arrays.stream(Statement.Effect.values())
                .filter(effect -> effect.code().equals(json.textValue()))
                .findFirst()
                .orElseThrow(() -> invalid(field, "It is Allow or Deny; not " + json));
    }

    private static List<String> actions(JsonNode statement, String path) {
        String field = path + ".actions";
        List<String> actions = new ArrayList<>();
        for (JsonNode action : elements(required(statement, "actions", field), field, MOST_ACTIONS)) {
            String place = field + "[" + actions.size() + "]";
            if (!action.isTextual()) {
                throw invalid(place, "An action is a string such as ec2:Describe*; not " + action);
            }
            if (!isAnyAction(action.textValue())) {
                throw invalid(
                        place,
                        "No action is called '" + action.textValue() + "'; the services are "
                                + Arrays.stream(Api.values())
                                        .map(Api::signingName)
                                        .collect(Collectors.joining(", ")));
            }
            actions.add(action.textValue());
        }
        return actions;
    }

    /** A Deny that was mistyped would deny nothing. */
    private static boolean isAnyAction(String pattern) {
        return Arrays.stream(Api.values())
                .anyMatch(api -> api.model().operations().keySet().stream()
                        .anyMatch(name -> Statement.matches(pattern, api.signingName() + ":" + name)));
    }

    private static JsonNode required(JsonNode json, String name, String field) {
        if (!json.hasNonNull(name)) {
            throw Refusal.of(ErrorCode.MISSING_PARAMETER, field, "The field " + field + " is missing")
                    .asException();
        }
        return json.get(name);
    }

    private static JsonNode elements(JsonNode json, String field, int most) {
        if (!json.isArray() || json.isEmpty() || json.size() > most) {
            throw invalid(field, "A list of 1 to " + most + " is expected here");
        }
        return json;
    }

    private static RefusedException invalid(String field, String message) {
        return Refusal.of(ErrorCode.INVALID_PARAMETER_VALUE, field, message).asException();
    }
}
