package io.cumulet.endpoint.access;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Signs requests of the query protocol, as a client does. */
public record Signer(String accessKeyId, String secret, String token) {

    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    public Signer(String accessKeyId, String secret) {
        this(accessKeyId, secret, "");
    }

    /** The headers of a form that is posted to {@code /}, with those of its signature. */
    public Map<String, String> headers(String service, String host, String form, Instant now) {
        String timestamp = TIMESTAMP.format(now);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("host", host);
        headers.put("x-amz-date", timestamp);
        if (!token.isEmpty()) {
            headers.put("x-amz-security-token", token);
        }
        Map<String, List<String>> lists = new HashMap<>();
        headers.forEach((name, value) -> lists.put(name, List.of(value)));
        byte[] body = form.getBytes(StandardCharsets.UTF_8);
        List<String> signed = List.copyOf(headers.keySet());
        Credential credential = new Credential(accessKeyId, timestamp.substring(0, 8), "us-east-1", service, false);
        Signature signature = new Signature(credential, signed, "", timestamp, now, 0);
        byte[] value = SigV4.sign(
                SigV4.signingKey(secret, credential),
                SigV4.stringToSign(
                        signature,
                        SigV4.canonicalRequest(
                                new SignedRequest("POST", "/", "", lists, body, ""), signed, SigV4.sha256(body))));
        headers.put(
                "authorization",
                Credential.ALGORITHM + " Credential=" + accessKeyId + "/" + credential.scope() + ", SignedHeaders="
                        + String.join(";", signed) + ", Signature="
                        + HexFormat.of().formatHex(value));
        return headers;
    }

    /** Such a request as the door gets it. */
    SignedRequest request(String service, String form, Instant now) {
        Map<String, List<String>> headers = new HashMap<>();
        headers(service, "localhost", form, now).forEach((name, value) -> headers.put(name, List.of(value)));
        return new SignedRequest("POST", "/", "", headers, form.getBytes(StandardCharsets.UTF_8), "192.0.2.1");
    }
}
