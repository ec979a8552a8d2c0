package io.cumulet.endpoint.access;

import io.cumulet.endpoint.protocol.AwsError;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a signed request says of its signer: {@code <key id>/<day>/<region>/<service>/aws4_request}.
 *
 * @param day the day of the signing key, {@code yyyyMMdd}
 * @param presigned whether the signature is in the query instead of the header
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Signature Version 4</a>
 */
public record Credential(String accessKeyId, String day, String region, String service, boolean presigned) {

    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    static final String TERMINATION = "aws4_request";

    private static final int KEY_ID_LENGTH = 128;
    private static final int DAY_LENGTH = 8;
    private static final int NAME_LENGTH = 40;

    /**
     * Reads it from the {@code Authorization} header or the query.
     *
     * @return nothing if the request isn't signed
     * @throws AwsError {@code IncompleteSignature} if it is signed in a way that can't be read
     */
    public static Optional<Credential> of(@Nullable String authorization, Map<String, String> query) {
        String scope = query.get("X-Amz-Credential");
        boolean presigned = scope != null;
        if (scope == null) {
            if (authorization == null) {
                return Optional.empty();
            }
            scope = part(authorization, "Credential");
            if (scope == null) {
                throw incomplete("Authorization header requires 'Credential' parameter. Authorization="
                        + firstWord(authorization));
            }
        }
        return Optional.of(ofScope(scope, presigned));
    }

    private static Credential ofScope(String scope, boolean presigned) {
        int service = 0;
        String[] parts = new String[5];
        int start = 0;
        for (; service < parts.length; service++) {
            int slash = service == parts.length - 1 ? scope.length() : scope.indexOf('/', start);
            if (slash < 0) {
                break;
            }
            parts[service] = scope.substring(start, slash);
            start = slash + 1;
        }
        if (service < parts.length
                || !parts[4].equals(TERMINATION)
                || !isKeyId(parts[0])
                || parts[1].length() != DAY_LENGTH
                || !isOf(parts[1], "0123456789")
                || !isName(parts[2])
                || !isName(parts[3])) {
            throw incomplete("Credential must have the form <key id>/<yyyyMMdd>/<region>/<service>/aws4_request");
        }
        return new Credential(parts[0], parts[1], parts[2], parts[3], presigned);
    }

    /** The scope that is signed: all but the key. */
    String scope() {
        return day + "/" + region + "/" + service + "/" + TERMINATION;
    }

    /** A part of the {@code Authorization} header, {@code Name=value} after the algorithm, parted by commas. */
    static @Nullable String part(String authorization, String name) {
        if (!authorization.startsWith(ALGORITHM)) {
            return null;
        }
        int start = ALGORITHM.length();
        while (start < authorization.length()) {
            int end = authorization.indexOf(',', start);
            if (end < 0) {
                end = authorization.length();
            }
            while (start < end && authorization.charAt(start) == ' ') {
                start++;
            }
            int value = start + name.length() + 1;
            if (value <= end && authorization.startsWith(name, start) && authorization.charAt(value - 1) == '=') {
                return authorization.substring(value, end).strip();
            }
            start = end + 1;
        }
        return null;
    }

    static AwsError incomplete(String message) {
        return AwsError.of("IncompleteSignature", message);
    }

    /** The rest of it may be a secret of another scheme. */
    private static String firstWord(String authorization) {
        int space = authorization.indexOf(' ');
        return space < 0 ? "" : authorization.substring(0, space);
    }

    private static boolean isKeyId(String text) {
        if (text.isEmpty() || text.length() > KEY_ID_LENGTH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == ',' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static boolean isName(String text) {
        return !text.isEmpty() && text.length() <= NAME_LENGTH && isOf(text, "abcdefghijklmnopqrstuvwxyz0123456789-");
    }

    private static boolean isOf(String text, String characters) {
        for (int i = 0; i < text.length(); i++) {
            if (characters.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }
}
