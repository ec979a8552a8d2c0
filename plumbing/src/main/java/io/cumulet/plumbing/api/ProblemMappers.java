package io.cumulet.plumbing.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
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
        ErrorCode code = switch (status) {
            case 404 -> ErrorCode.NOT_FOUND;
            case 401 -> ErrorCode.UNAUTHORIZED;
            case 403 -> ErrorCode.FORBIDDEN;
            default -> status < 500 ? ErrorCode.MALFORMED_REQUEST : ErrorCode.INTERNAL_ERROR;
        };
        if (status >= 500) {
            LOG.error("A request failed", e);
        }
        Problem problem = Problem.of(Refusal.of(code, reason(status, e)), caller.requestId());
        return new Problem(
                        problem.type(),
                        problem.title(),
                        status,
                        problem.detail(),
                        problem.code(),
                        null,
                        problem.requestId())
                .toResponse();
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
        return Problem.of(refusal, caller.requestId()).toResponse();
    }

    private static String reason(int status, WebApplicationException e) {
        return switch (status) {
            case 404 -> "There is nothing here";
            case 405 -> "This method isn't offered here";
            case 413 -> "The request is too large";
            case 415 -> "The body has to be application/json";
            default -> status < 500 && e.getMessage() != null ? e.getMessage() : "The request failed";
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
        if (e instanceof JsonMappingException mapping) {
            String field = field(mapping.getPath());
            String message = mapping.getOriginalMessage();
            return new Refusal(ErrorCode.INVALID_PARAMETER_VALUE, field, firstLine(message));
        }
        return Refusal.of(ErrorCode.MALFORMED_REQUEST, "The body is not JSON: " + firstLine(e.getOriginalMessage()));
    }

    private static String firstLine(@Nullable String text) {
        return text == null ? "unreadable" : text.lines().findFirst().orElse("unreadable");
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
