package io.cumulet.plumbing.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * What holds for every request and every answer, whatever the path: a request id, security headers, limits of size, and
 * problem JSON also where no resource was reached.
 *
 * @see <a href="https://owasp.org/www-project-secure-headers/">OWASP Secure Headers Project</a>
 */
@ApplicationScoped
public class Edge {

    private static final Logger LOG = Logger.getLogger(Edge.class);
    private static final String REQUEST_ID = "x-request-id";
    private static final Pattern REQUEST_ID_FORM = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int SERVER_ERROR = 500;

    /** An API's answer is nothing a browser should run, show in a frame or keep. */
    private static final Map<String, String> HEADERS = Map.of(
            "x-content-type-options", "nosniff",
            "x-frame-options", "DENY",
            "referrer-policy", "no-referrer",
            "cross-origin-resource-policy", "same-origin",
            "cache-control", "no-store",
            "content-security-policy", "default-src 'none'; frame-ancestors 'none'");

    private static final String SWAGGER_UI = "/q/swagger-ui";
    /** Its page has its script and styles within. */
    private static final String SWAGGER_UI_POLICY = "default-src 'none'; script-src 'self' 'unsafe-inline'; "
            + "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String A_YEAR_OF_TLS = "max-age=31536000";

    private final ObjectMapper json;
    private final long maxBodyBytes;
    private final long maxHeaderBytes;
    private final int maxUrlLength;
    private final Instance<RefusalForm> forms;

    public Edge(
            ObjectMapper json,
            Instance<RefusalForm> forms,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize maxBody,
            @ConfigProperty(name = "cumulet.http.max-header-size") MemorySize maxHeaders,
            @ConfigProperty(name = "cumulet.http.max-url-length") int maxUrlLength) {
        this.json = json;
        this.forms = forms;
        this.maxBodyBytes = maxBody.asLongValue();
        this.maxHeaderBytes = maxHeaders.asLongValue();
        this.maxUrlLength = maxUrlLength;
    }

    /** The caller's own id of this request, else one of ours. */
    public static String requestId(RoutingContext routing) {
        return Objects.requireNonNull(routing.get(REQUEST_ID));
    }

    void install(@Observes Router router) {
        router.route().order(RouteConstants.ROUTE_ORDER_BODY_HANDLER).handler(this::check);
        router.route().order(RouteConstants.ROUTE_ORDER_BODY_HANDLER).failureHandler(this::failed);
        router.errorHandler(404, routing -> refuse(routing, 404, "There is nothing here"));
    }

    private void check(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        String id = request.getHeader(REQUEST_ID);
        if (id == null || !REQUEST_ID_FORM.matcher(id).matches()) {
            id = UUID.randomUUID().toString();
        }
        routing.put(REQUEST_ID, id);
        MultiMap headers = routing.response().headers();
        headers.set(REQUEST_ID, id);
        HEADERS.forEach(headers::set);
        if (request.path() != null && request.path().startsWith(SWAGGER_UI)) {
            headers.set("content-security-policy", SWAGGER_UI_POLICY);
            headers.remove("cache-control");
        }
        // A promise that only counts, and may only be made, where it is kept already (RFC 6797, 7.2).
        if ("https".equals(request.scheme())) {
            headers.set("strict-transport-security", A_YEAR_OF_TLS);
        }
        if (request.uri().length() > maxUrlLength) {
            refuse(routing, 414, "The URL has more than " + maxUrlLength + " characters");
        } else if (size(request.headers()) > maxHeaderBytes) {
            refuse(routing, 431, "The headers have more than " + maxHeaderBytes + " bytes");
        } else if (bodyLength(request) > maxBodyBytes) {
            // What is still to come can't be told from a next request.
            headers.set(HttpHeaders.CONNECTION, "close");
            routing.response().endHandler(ended -> request.connection().close());
            refuse(routing, 413, "The body has more than " + maxBodyBytes + " bytes");
        } else {
            routing.next();
        }
    }

    private static long size(MultiMap headers) {
        long size = 0;
        for (Map.Entry<String, String> header : headers) {
            size += header.getKey().length() + header.getValue().length();
        }
        return size;
    }

    /** As announced; a body in chunks is counted by Quarkus as it comes. */
    private static long bodyLength(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private void failed(RoutingContext routing) {
        if (routing.response().closed()) {
            LOG.debugf("Request %s: whoever asked has left", requestId(routing));
            return;
        }
        int status = routing.statusCode() < 400 ? SERVER_ERROR : routing.statusCode();
        if (status >= SERVER_ERROR) {
            LOG.errorf(routing.failure(), "Request %s failed", requestId(routing));
        }
        refuse(routing, status, ProblemMappers.reason(status));
    }

    private void refuse(RoutingContext routing, int status, String detail) {
        if (routing.response().ended()) {
            return;
        }
        if (routing.response().headWritten()) {
            // Half an answer is none.
            routing.request().connection().close();
            return;
        }
        String requestId = routing.get(REQUEST_ID);
        for (RefusalForm form : forms) {
            if (requestId != null && form.isFor(routing.request())) {
                form.refuse(routing, status, detail, requestId);
                return;
            }
        }
        Problem problem = Problem.of(Refusal.of(ProblemMappers.code(status), detail), requestId)
                .withStatus(status);
        try {
            routing.response()
                    .setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                    .end(json.writeValueAsString(problem));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A problem can't be written as JSON: " + ErrorCode.INTERNAL_ERROR, e);
        }
    }
}
