package io.cumulet.plumbing.api;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.plumbing.Transience;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Path;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Comparator;
import java.util.List;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** Turns whatever went wrong into problem JSON; nothing leaves a service as a stack trace. */
public class ProblemMappers {

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    private final Caller caller;

    public ProblemMappers(Caller caller) {
        this.caller = caller;
    }

    @ServerExceptionMapper
    public Response refused(RefusedException e) {
        return respond(e.refusal());
    }

    @ServerExceptionMapper
    public Response invalid(ConstraintViolationException e) {
        ConstraintViolation<?> first = e.getConstraintViolations().stream()
                .min(Comparator.comparing(
                        violation -> violation.getPropertyPath().toString()))
                .orElseThrow();
        String field = field(first.getPropertyPath());
        boolean missing = first.getInvalidValue() == null;
        return respond(Refusal.of(
                missing ? ErrorCode.MISSING_PARAMETER : ErrorCode.INVALID_PARAMETER_VALUE,
                field,
                field + " " + first.getMessage()));
    }

    @ServerExceptionMapper
    public Response unreadable(MismatchedInputException e) {
        return respond(unreadableBody(e));
    }

    @ServerExceptionMapper
    public Response web(WebApplicationException e) {
        if (e.getCause() instanceof RefusedException refused) {
            return respond(refused.refusal());
        }
        if (e.getCause() instanceof JsonProcessingException json) {
            return respond(unreadableBody(json));
        }
        int status = e.getResponse().getStatus();
        if (status < 400) {
            return e.getResponse();
        }
        if (status >= 500) {
            LOG.error("A request failed", e);
        }
        return challenged(Problem.of(Refusal.of(code(status), reason(status)), caller.requestId())
                .withStatus(status));
    }

    @ServerExceptionMapper
    public Response failed(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof RefusedException refused) {
                return respond(refused.refusal());
            }
        }
        if (Transience.isTransient(e)) {
            LOG.warnf("A request could not be served for the moment: %s", e);
            return respond(Refusal.of(
                    ErrorCode.UNAVAILABLE, "The service can't reach its database or Kafka; nothing is acknowledged"));
        }
        LOG.error("A request failed", e);
        return respond(
                Refusal.of(ErrorCode.INTERNAL_ERROR, "The service failed; its log has more under this request id"));
    }

    private Response respond(Refusal refusal) {
        return challenged(Problem.of(refusal, caller.requestId()));
    }

    /** A 401 says what it wants (RFC 9110, 11.6.1), and whether what it got was bad (RFC 6750, 3). */
    private Response challenged(Problem problem) {
        Response response = problem.toResponse();
        if (problem.status() != 401) {
            return response;
        }
        String error = caller.credentialsSent() ? ", error=\"invalid_token\"" : "";
        return Response.fromResponse(response)
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"cumulet\"" + error)
                .build();
    }

    /** The code of an error that HTTP itself found. */
    static ErrorCode code(int status) {
        return switch (status) {
            case 404 -> ErrorCode.NOT_FOUND;
            case 401 -> ErrorCode.UNAUTHORIZED;
            case 403 -> ErrorCode.FORBIDDEN;
            default -> status < 500 ? ErrorCode.MALFORMED_REQUEST : ErrorCode.INTERNAL_ERROR;
        };
    }

    /** In words of ours: a library's own would name its classes. */
    static String reason(int status) {
        return switch (status) {
            case 401 -> "This call needs credentials";
            case 403 -> "These credentials don't allow this call";
            case 404 -> "There is nothing here";
            case 405 -> "This method isn't offered here";
            case 406 -> "Only application/json is on offer here";
            case 413 -> "The request is too large";
            case 415 -> "The body has to be application/json";
            default -> status < 500 ? "The request can't be read" : "The request failed";
        };
    }

    private static Refusal unreadableBody(JsonProcessingException e) {
        if (e.getCause() instanceof RefusedException refused) {
            return refused.refusal();
        }
        if (e instanceof UnrecognizedPropertyException unknown) {
            String field = field(unknown.getPath());
            return Refusal.of(ErrorCode.UNKNOWN_PARAMETER, field == null ? "" : field, "There is no field " + field);
        }
        if (e instanceof InvalidFormatException format
                && format.getValue() instanceof String text
                && NoNul.isIn(text)) {
            String field = field(format.getPath());
            return new Refusal(
                    ErrorCode.INVALID_PARAMETER_VALUE, field, NoNul.message(field == null ? "The body" : field));
        }
        if (e instanceof MismatchedInputException mismatch) {
            String field = field(mismatch.getPath());
            return new Refusal(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    field,
                    (field == null ? "The body" : field) + " has to be " + JsonWords.of(mismatch.getTargetType()));
        }
        if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
            String field = field(mapping.getPath());
            return new Refusal(ErrorCode.INVALID_PARAMETER_VALUE, field, field + " can't be read");
        }
        JsonLocation place = e.getLocation();
        return Refusal.of(
                ErrorCode.MALFORMED_REQUEST,
                place == null
                        ? "The body is not JSON"
                        : "The body is not JSON at line " + place.getLineNr() + ", column " + place.getColumnNr());
    }

    /** {@code placement.availabilityZone}, {@code tags[3].key}. */
    private static @Nullable String field(List<JsonMappingException.Reference> path) {
        StringBuilder text = new StringBuilder();
        for (JsonMappingException.Reference step : path) {
            if (step.getFieldName() == null) {
                text.append('[').append(step.getIndex()).append(']');
            } else {
                text.append(text.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return text.isEmpty() ? null : text.toString();
    }

    /** The path without the method and its parameter, which mean nothing to a caller. */
    private static String field(Path path) {
        StringBuilder text = new StringBuilder();
        int depth = 0;
        for (Path.Node node : path) {
            if (depth++ >= 2) {
                text.append(text.isEmpty() ? "" : ".").append(node);
            }
        }
        return text.isEmpty() ? path.toString() : text.toString();
    }
}
