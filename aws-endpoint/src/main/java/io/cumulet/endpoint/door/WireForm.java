package io.cumulet.endpoint.door;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cumulet.endpoint.access.Credential;
import io.cumulet.endpoint.access.SignedRequest;
import io.cumulet.endpoint.actions.Api;
import io.cumulet.endpoint.model.Operation;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.protocol.JsonForm;
import io.cumulet.endpoint.protocol.Parameters;
import io.cumulet.endpoint.protocol.XmlWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** In which protocol a request speaks, and so how its answer has to look. */
final class WireForm {

    /** An answer on its way back. */
    record Answered(Api api, Operation operation, ObjectNode answer) {}

    private static final int OK = 200;
    private static final String XML = "text/xml;charset=UTF-8";
    private static final String JSON_1_1 = "application/x-amz-json-1.1";
    private static final String JSON = "application/json";
    private static final String TARGET = "x-amz-target";
    private static final String SIGNATURE_PREFIX = "X-Amz-";

    private final SignedRequest request;
    private final @Nullable String target;
    private final boolean rest;
    private @Nullable Map<String, String> parameters;
    private @Nullable Map<String, String> query;
    private @Nullable Api api;

    private WireForm(SignedRequest request) {
        this.request = request;
        this.target = request.header(TARGET);
        this.rest = !isRoot(request.path());
    }

    /** {@code /}, or more slashes where a client's endpoint ends with one. */
    private static boolean isRoot(String path) {
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) != '/') {
                return false;
            }
        }
        return true;
    }

    static WireForm of(SignedRequest request) {
        return new WireForm(request);
    }

    Optional<Credential> credential() {
        return Credential.of(request.header("authorization"), query());
    }

    /** By the signature's scope; of an unsigned request by what it looks like. */
    Api api(Optional<Credential> credential) {
        Api found = credential.isPresent() ? signedFor(credential.get().service()) : unsigned();
        api = found;
        return found;
    }

    private static Api signedFor(String service) {
        for (Api api : Api.values()) {
            if (api.signingName().equals(service)) {
                return api;
            }
        }
        throw AwsError.of(
                "UnknownService",
                "The service " + service + " is not spoken here; these are: ec2, sts, ce, pricing, savingsplans, ssm");
    }

    private Api unsigned() {
        if (rest) {
            return Api.SAVINGS_PLANS;
        }
        for (Api api : Api.values()) {
            String prefix = api.model().targetPrefix();
            if (target != null && !prefix.isEmpty() && target.startsWith(prefix + ".")) {
                return api;
            }
        }
        return Api.STS.model().apiVersion().equals(parameters().get("Version")) ? Api.STS : Api.EC2;
    }

    String operationName(Api api) {
        return switch (api) {
            case EC2, STS -> {
                String action = parameters().get("Action");
                if (action == null) {
                    throw AwsError.of("MissingAction", "The request must contain the parameter Action");
                }
                yield action;
            }
            case COST_EXPLORER, PRICING, SYSTEMS_MANAGER -> {
                String prefix = api.model().targetPrefix() + ".";
                yield target != null && target.startsWith(prefix) ? target.substring(prefix.length()) : "";
            }
            case SAVINGS_PLANS -> restOperation();
        };
    }

    /** The operation of a REST path, which may end with a slash. */
    private String restOperation() {
        String path = request.path();
        String name = path.substring(1);
        while (name.endsWith("/")) {
            name = name.substring(0, name.length() - 1);
        }
        return name;
    }

    AwsError unknownOperation(Api api, String name) {
        return switch (api) {
            case EC2, STS -> AwsError.of("InvalidAction", "The action " + name + " is not valid for this web service.");
            case COST_EXPLORER, PRICING, SYSTEMS_MANAGER, SAVINGS_PLANS ->
                AwsError.of(
                        "UnknownOperationException",
                        name.isEmpty()
                                ? "The request names no operation of " + api.signingName()
                                        + "; a JSON request does so in the header X-Amz-Target"
                                : "There is no operation " + name);
        };
    }

    ObjectNode input(Api api, Operation operation) {
        return switch (api) {
            case EC2, STS -> {
                Map<String, String> given = new HashMap<>(parameters());
                given.keySet()
                        .removeIf(name ->
                                name.equals("Action") || name.equals("Version") || name.startsWith(SIGNATURE_PREFIX));
                yield read(given, api, operation);
            }
            case COST_EXPLORER, PRICING, SYSTEMS_MANAGER, SAVINGS_PLANS ->
                JsonForm.read(body(), operation.input(), api.invalidCode());
        };
    }

    Answer answer(Answered answered, String requestId) {
        return switch (answered.api()) {
            case EC2, STS ->
                new Answer(
                        OK,
                        XML,
                        XmlWriter.answer(answered.api().model(), answered.operation(), answered.answer(), requestId));
            case COST_EXPLORER, PRICING, SYSTEMS_MANAGER ->
                new Answer(
                        OK,
                        JSON_1_1,
                        JsonForm.write(answered.answer(), answered.operation().output()));
            case SAVINGS_PLANS ->
                new Answer(
                        OK,
                        JSON,
                        JsonForm.write(answered.answer(), answered.operation().output()));
        };
    }

    private static ObjectNode read(Map<String, String> given, Api api, Operation operation) {
        try {
            return Parameters.read(given, operation.input(), api.model().isEc2());
        } catch (AwsError e) {
            // The query protocol has one word for it.
            throw api == Api.STS ? AwsError.of("ValidationError", e.getMessage()) : e;
        }
    }

    /** In the form of the API that was asked; before that is known, of the one that the request looks like. */
    Answer error(AwsError error, String requestId) {
        return switch (errorForm()) {
            case COST_EXPLORER, PRICING, SYSTEMS_MANAGER -> new Answer(error.status(), JSON_1_1, JsonForm.error(error));
            case SAVINGS_PLANS -> new Answer(error.status(), JSON, JsonForm.error(error));
            case STS ->
                new Answer(
                        error.status(),
                        XML,
                        XmlWriter.queryError(error, Api.STS.model().xmlNamespace(), requestId));
            case EC2 -> new Answer(error.status(), XML, XmlWriter.ec2Error(error, requestId));
        };
    }

    private Api errorForm() {
        Api known = api;
        if (known != null) {
            return known;
        }
        if (rest) {
            return Api.SAVINGS_PLANS;
        }
        if (target != null) {
            return Api.COST_EXPLORER;
        }
        try {
            return Api.STS.model().apiVersion().equals(parameters().get("Version")) ? Api.STS : Api.EC2;
        } catch (AwsError e) {
            return Api.EC2;
        }
    }

    /** Of the query alone. */
    Map<String, String> query() {
        Map<String, String> known = query;
        if (known == null) {
            known = Form.parse(request.rawQuery());
            query = known;
        }
        return known;
    }

    /** Of the query and of a form together. */
    private Map<String, String> parameters() {
        Map<String, String> known = parameters;
        if (known == null) {
            String body = request.method().equals("POST") ? body() : "";
            String query = request.rawQuery();
            known = Form.parse(query.isEmpty() || body.isEmpty() ? query + body : query + "&" + body);
            parameters = known;
        }
        return known;
    }

    private String body() {
        return new String(request.body(), StandardCharsets.UTF_8);
    }
}
