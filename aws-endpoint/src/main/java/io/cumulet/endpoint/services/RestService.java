package io.cumulet.endpoint.services;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.calls.ServiceCalls;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A service's REST API as one account sees it in one region. What the service refuses is thrown as {@link AwsError} with the
 * service's code and words.
 */
public final class RestService {

    private static final Logger LOG = Logger.getLogger(RestService.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int NOT_FOUND = 404;
    /** Behind it services name what is in the way; EC2 doesn't. */
    private static final String IN_USE = " has dependencies and cannot be deleted";
    /** The largest page that services give. */
    private static final int PAGE = 1_000;

    private final URI base;
    private final ServiceCalls calls;
    private final ObjectMapper json;
    private final AccountId account;
    private final Region region;

    RestService(URI base, ServiceCalls calls, ObjectMapper json, AccountId account, Region region) {
        this.base = base;
        this.calls = calls;
        this.json = json;
        this.account = account;
        this.region = region;
    }

    /**
     * A path segment, escaped: an id comes from the caller.
     *
     * @throws AwsError {@code InvalidParameterValue} for what would lead to another path, however it is escaped
     */
    public static String segment(String id) {
        if (id.isEmpty() || id.equals(".") || id.equals("..")) {
            throw AwsError.of("InvalidParameterValue", "Invalid id: \"" + id + "\"");
        }
        return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public JsonNode get(String path) {
        return get(path, Query.none());
    }

    public JsonNode get(String path, Query query) {
        return send(HttpMethod.GET, path, query, null);
    }

    /** Nothing if the service answers that there is no such thing. */
    public Optional<JsonNode> find(String path) {
        try {
            return Optional.of(get(path));
        } catch (AwsError e) {
            if (e.isNotFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * A whole list, over all its pages.
     *
     * @param member the field of a page that holds its part
     */
    public List<JsonNode> list(String path, String member, Query query) {
        List<JsonNode> all = new ArrayList<>();
        String token = null;
        do {
            JsonNode page = get(path, query.copy().and("maxResults", PAGE).and("nextToken", token));
            page.path(member).forEach(all::add);
            token = page.hasNonNull("nextToken") ? page.get("nextToken").asText() : null;
        } while (token != null);
        return all;
    }

    public List<JsonNode> list(String path, String member) {
        return list(path, member, Query.none());
    }

    public JsonNode post(String path, @Nullable JsonNode body) {
        return send(HttpMethod.POST, path, Query.none(), body);
    }

    public JsonNode patch(String path, JsonNode body) {
        return send(HttpMethod.PATCH, path, Query.none(), body);
    }

    public JsonNode put(String path, JsonNode body) {
        return send(HttpMethod.PUT, path, Query.none(), body);
    }

    public JsonNode delete(String path) {
        return delete(path, Query.none());
    }

    public JsonNode delete(String path, Query query) {
        return send(HttpMethod.DELETE, path, query, null);
    }

    private JsonNode send(HttpMethod method, String path, Query query, @Nullable JsonNode body) {
        RequestOptions request = new RequestOptions()
                .setMethod(method)
                .setAbsoluteURI(base + path + "?region=" + region + query)
                .setTimeout(PATIENCE.toMillis());
        try {
            ServiceCalls.Answer answer =
                    calls.call(account, request, body == null ? null : json.writeValueAsBytes(body));
            JsonNode content =
                    answer.body().length == 0 ? JsonNodeFactory.instance.missingNode() : json.readTree(answer.body());
            if (answer.status() >= 400) {
                throw refusal(content, answer.status());
            }
            return content;
        } catch (JsonProcessingException e) {
            LOG.errorf(e, "%s answered %s %s with what isn't JSON", base, method, path);
            throw new AwsError("InternalError", 500, "An internal error has occurred");
        } catch (IOException e) {
            LOG.warnf("%s can't be asked: %s", base, e);
            throw new AwsError("Unavailable", 503, "The service is temporarily unavailable; please try again");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AwsError("Unavailable", 503, "The service is stopping");
        }
    }

    /** Services use EC2's codes; EC2 answers nearly all of them with 400, and what lacks room with 500. */
    private static AwsError refusal(JsonNode problem, int status) {
        String code = problem.path("code").asText("InternalError");
        int known = switch (code) {
            case "DryRunOperation" -> 412;
            case "InsufficientInstanceCapacity",
                    "InsufficientAddressCapacity",
                    "InsufficientReservedInstancesCapacity" -> 500;
            default -> status == 503 || status == 500 || status == 403 ? status : 400;
        };
        return new AwsError(
                code, known, message(code, problem.path("detail").asText("The request failed")), status == NOT_FOUND);
    }

    /** In EC2's words, where services say more. */
    private static String message(String code, String detail) {
        return switch (code) {
            case "DryRunOperation" -> "Request would have succeeded, but DryRun flag is set.";
            case "DependencyViolation" -> {
                int end = detail.indexOf(IN_USE);
                yield end < 0 ? detail : detail.substring(0, end) + IN_USE + ".";
            }
            default -> detail;
        };
    }
}
