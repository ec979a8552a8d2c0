package io.cumulet.endpoint.access;

import io.cumulet.endpoint.protocol.AwsError;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a signed request says of its signer: {@code <key id>/<day>/<region>/<service>/aws4_request}.
 *
 * @param day the day of the signing key, {@code yyyyMMdd}
 * @param presigned whether the signature is in the query instead of the header
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Signature Version 4</a>
 */
public record Credential(String accessKeyId, String day, String region, String service, boolean presigned) {

    private static final Pattern SCOPE =
            Pattern.compile("([^/\\s,]{1,128})/([0-9]{8})/([a-z0-9-]{1,40})/([a-z0-9-]{1,40})/aws4_request");
    private static final Pattern HEADER = Pattern.compile("AWS4-HMAC-SHA256 +.*?Credential=([^, ]+).*");

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
            Matcher header = HEADER.matcher(authorization);
            if (!header.matches()) {
                throw incomplete("Authorization header requires 'Credential' parameter of AWS4-HMAC-SHA256");
            }
            scope = header.group(1);
        }
        Matcher parts = SCOPE.matcher(scope);
        if (!parts.matches()) {
            throw incomplete("Credential must have the form <key id>/<yyyyMMdd>/<region>/<service>/aws4_request");
        }
        return Optional.of(new Credential(parts.group(1), parts.group(2), parts.group(3), parts.group(4), presigned));
    }

    private static AwsError incomplete(String message) {
        return AwsError.of("IncompleteSignature", message);
    }
}
