package io.cumulet.plumbing.api;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/**
 * An error as the caller sees it.
 *
 * @param type a URN that names the code
 * @param title what can be done about it
 * @param status the HTTP status
 * @param detail the cause
 * @param code stable; EC2's code where EC2 has one
 * @param field the field at fault, if one is
 * @param requestId what the operator finds in the logs
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457, Problem Details for HTTP APIs</a>
 */
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        @Nullable String field,
        @Nullable String requestId) {

    public static final String MEDIA_TYPE = "application/problem+json";

    public static Problem of(Refusal refusal, @Nullable String requestId) {
        ErrorCode code = refusal.code();
        return new Problem(
                "urn:cumulet:error:" + code.code(),
                code.advice(),
                status(code.kind()),
                refusal.message(),
                code.code(),
                refusal.field(),
                requestId);
    }

    /** The same under a status of HTTP's own, such as 405, that no kind of error has. */
    Problem withStatus(int other) {
        return new Problem(type, title, other, detail, code, field, requestId);
    }

    Response toResponse() {
        return Response.status(status)
                .type(MediaType.valueOf(MEDIA_TYPE))
                .entity(this)
                .build();
    }

    /** The one place where a kind of error becomes an HTTP status. */
    public static int status(ErrorCode.Kind kind) {
        return switch (kind) {
            case INVALID -> 400;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
            case DRY_RUN -> 412;
            case UNPROCESSABLE -> 422;
            case CAPACITY, UNAVAILABLE -> 503;
            case INTERNAL -> 500;
        };
    }
}
