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
import java.util.List;
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

    private WireForm(SignedRequest request) {
        this.request = request;
        List<String> targets = request.headers().get(TARGET);
        this.target = targets == null || targets.isEmpty() ? null : targets.getFirst();
        this.rest = !request.path().equals("/");
    }

    static WireForm of(SignedRequest request) {
        return new WireForm(request);
    }

    Optional<Credential> credential() {
        List<String> authorization = request.headers().getOrDefault("authorization", List.of());
        return Credential.of(authorization.isEmpty() ? null : authorization.getFirst(), Form.parse(request.rawQuery()));
    }

    /** By the signature's scope; of an unsigned request by what it looks like. */
    Api api(Optional<Credential> credential) {
        if (credential.isPresent()) {
            for (Api api : Api.values()) {
                if (api.signingName().equals(credential.get().service())) {
                    return api;
                }
            }
            throw AwsError.of(
                    "UnknownService",
                    "The service " + credential.get().service() + " is not spoken here; these are: ec2, sts, ce, "
                            + "pricing, savingsplans");
        }
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
            case COST_EXPLORER, PRICING -> {
                String prefix = api.model().targetPrefix() + ".";
                yield target != null && target.startsWith(prefix) ? target.substring(prefix.length()) : "";
            }
            case SAVINGS_PLANS -> request.path().substring(1);
        };
    }

    ObjectNode input(Api api, Operation operation) {
        return switch (api) {
            case EC2, STS -> {
                Map<String, String> given = new HashMap<>(parameters());
                given.keySet()
                        .removeIf(name ->
                                name.equals("Action") || name.equals("Version") || name.startsWith(SIGNATURE_PREFIX));
                yield Parameters.read(given, operation.input(), api.model().isEc2());
            }
            case COST_EXPLORER, PRICING, SAVINGS_PLANS -> JsonForm.read(body(), operation.input(), api.invalidCode());
        };
    }

    Answer answer(Answered answered, String requestId) {
        return switch (answered.api()) {
            case EC2, STS ->
                new Answer(
                        OK,
                        XML,
                        XmlWriter.answer(answered.api().model(), answered.operation(), answered.answer(), requestId));
            case COST_EXPLORER, PRICING ->
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

    Answer error(AwsError error, String requestId) {
        if (rest || target != null) {
            return new Answer(error.status(), target == null ? JSON : JSON_1_1, JsonForm.error(error));
        }
        return isSts()
                ? new Answer(
                        error.status(),
                        XML,
                        XmlWriter.queryError(error, Api.STS.model().xmlNamespace(), requestId))
                : new Answer(error.status(), XML, XmlWriter.ec2Error(error, requestId));
    }

    private boolean isSts() {
        try {
            return Api.STS.model().apiVersion().equals(parameters().get("Version"));
        } catch (AwsError e) {
            return false;
        }
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
