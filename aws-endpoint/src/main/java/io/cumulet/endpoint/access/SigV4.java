package io.cumulet.endpoint.access;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signature Version 4: what is signed of a request, and how. Paths are escaped once more than they were sent, as all services
 * but S3 want it.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Create a signed
 *     AWS API request</a>
 */
final class SigV4 {

    static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";
    private static final String SIGNATURE_PARAMETER = "X-Amz-Signature";
    private static final String HMAC = "HmacSHA256";
    private static final HexFormat UPPER = HexFormat.of().withUpperCase();
    private static final int USUAL_LENGTH = 512;

    private SigV4() {}

    /** @param payloadHash SHA-256 of the body in hexadecimal digits, or {@link #UNSIGNED_PAYLOAD} */
    static String canonicalRequest(SignedRequest request, List<String> signedHeaders, String payloadHash) {
        StringBuilder out = new StringBuilder(USUAL_LENGTH);
        out.append(request.method()).append('\n');
        path(out, request.path());
        out.append('\n');
        query(out, request.rawQuery());
        out.append('\n');
        for (String name : signedHeaders) {
            out.append(name).append(':');
            List<String> values = request.headers().getOrDefault(name, List.of());
            for (int i = 0; i < values.size(); i++) {
                if (i > 0) {
                    out.append(',');
                }
                folded(out, values.get(i));
            }
            out.append('\n');
        }
        out.append('\n');
        for (int i = 0; i < signedHeaders.size(); i++) {
            if (i > 0) {
                out.append(';');
            }
            out.append(signedHeaders.get(i));
        }
        return out.append('\n').append(payloadHash).toString();
    }

    static String stringToSign(Signature signature, String canonicalRequest) {
        return Credential.ALGORITHM + "\n" + signature.timestamp() + "\n"
                + signature.credential().scope() + "\n"
                + sha256(canonicalRequest.getBytes(StandardCharsets.UTF_8));
    }

    /** The key of a day, region and service; worth keeping. */
    static byte[] signingKey(String secret, Credential credential) {
        byte[] day = hmac(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), credential.day());
        return hmac(hmac(hmac(day, credential.region()), credential.service()), Credential.TERMINATION);
    }

    static byte[] sign(byte[] signingKey, String stringToSign) {
        return hmac(signingKey, stringToSign);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + HMAC, e);
        }
    }

    /** Without what leads nowhere ({@code //}, {@code /./}, {@code /../}). */
    private static void path(StringBuilder out, String path) {
        if (path.length() <= 1) {
            out.append('/');
            return;
        }
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            if (segment.equals("..")) {
                if (!segments.isEmpty()) {
                    segments.removeLast();
                }
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        for (String segment : segments) {
            out.append('/');
            escaped(out, segment.getBytes(StandardCharsets.UTF_8));
        }
        if (segments.isEmpty() || path.endsWith("/")) {
            out.append('/');
        }
    }

    /** A parameter of the query, both parts escaped. */
    private record Parameter(String name, String value) implements Comparable<Parameter> {
        @Override
        public int compareTo(Parameter other) {
            int byName = name.compareTo(other.name);
            return byName != 0 ? byName : value.compareTo(other.value);
        }
    }

    private static void query(StringBuilder out, String rawQuery) {
        if (rawQuery.isEmpty()) {
            return;
        }
        List<Parameter> parameters = new ArrayList<>();
        int start = 0;
        while (start < rawQuery.length()) {
            int end = rawQuery.indexOf('&', start);
            if (end < 0) {
                end = rawQuery.length();
            }
            if (end > start) {
                int equals = rawQuery.indexOf('=', start);
                int nameEnd = equals < 0 || equals > end ? end : equals;
                String name = escapedAnew(rawQuery.substring(start, nameEnd));
                if (!name.equals(SIGNATURE_PARAMETER)) {
                    parameters.add(new Parameter(
                            name, nameEnd == end ? "" : escapedAnew(rawQuery.substring(nameEnd + 1, end))));
                }
            }
            start = end + 1;
        }
        parameters.sort(null);
        for (int i = 0; i < parameters.size(); i++) {
            if (i > 0) {
                out.append('&');
            }
            out.append(parameters.get(i).name())
                    .append('=')
                    .append(parameters.get(i).value());
        }
    }

    /** However the client escaped it, only what has to be escaped is. */
    private static String escapedAnew(String sent) {
        byte[] bytes = sent.getBytes(StandardCharsets.UTF_8);
        byte[] plain = new byte[bytes.length];
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%'
                    && i + 2 < bytes.length
                    && HexFormat.isHexDigit(bytes[i + 1])
                    && HexFormat.isHexDigit(bytes[i + 2])) {
                plain[length++] =
                        (byte) (HexFormat.fromHexDigit(bytes[i + 1]) << 4 | HexFormat.fromHexDigit(bytes[i + 2]));
                i += 2;
            } else {
                plain[length++] = bytes[i];
            }
        }
        StringBuilder out = new StringBuilder(length);
        escaped(out, length == plain.length ? plain : Arrays.copyOf(plain, length));
        return out.toString();
    }

    private static void escaped(StringBuilder out, byte[] bytes) {
        for (byte b : bytes) {
            if (b >= 'a' && b <= 'z'
                    || b >= 'A' && b <= 'Z'
                    || b >= '0' && b <= '9'
                    || b == '-'
                    || b == '_'
                    || b == '.'
                    || b == '~') {
                out.append((char) b);
            } else {
                out.append('%').append(UPPER.toHexDigits(b));
            }
        }
    }

    /** Without spaces at the ends, and with one where there are several. */
    private static void folded(StringBuilder out, String value) {
        boolean space = false;
        boolean begun = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                space = begun;
            } else {
                if (space) {
                    out.append(' ');
                    space = false;
                }
                begun = true;
                out.append(c);
            }
        }
    }
}
