package io.cumulet.endpoint.access;

import io.cumulet.endpoint.protocol.AwsError;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Checks signatures. Thread-safe. */
final class Verifier {

    /** How far the clocks of a client and this machine may be apart. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final String AMZ_PREFIX = "x-amz-";
    private static final String PAYLOAD_HASH = "x-amz-content-sha256";
    static final String SECURITY_TOKEN = "x-amz-security-token";
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final InstantSource machineTime;
    private final SigningKeys keys = new SigningKeys();

    /** @param machineTime the real time: a stack's clock may stand still or be far off */
    Verifier(InstantSource machineTime) {
        this.machineTime = machineTime;
    }

    /** @throws AwsError unless the request was signed with the secret, in time */
    void verify(
            Credential credential,
            String secret,
            SignedRequest request,
            Map<String, String> query,
            AccessErrors errors) {
        Signature signature = Signature.of(credential, request, query);
        checkTime(signature, errors);
        mustBeSigned(signature, request);
        String payloadHash = payloadHash(request, query, errors);
        byte[] key = keys.of(credential, secret);
        byte[] right = SigV4.sign(
                key,
                SigV4.stringToSign(signature, SigV4.canonicalRequest(request, signature.signedHeaders(), payloadHash)));
        if (!isSame(right, signature.value())) {
            throw errors.wrongSignature();
        }
        keys.keep(credential, secret, key);
    }

    private static boolean isSame(byte[] right, String sent) {
        try {
            return MessageDigest.isEqual(right, HexFormat.of().parseHex(sent));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void checkTime(Signature signature, AccessErrors errors) {
        Instant now = machineTime.instant();
        Instant signed = signature.time();
        if (signed.isAfter(now.plus(SKEW))) {
            throw errors.outOfTime("Signature not yet current: " + signature.timestamp() + " is still later than "
                    + TIMESTAMP.format(now.plus(SKEW)) + " (" + TIMESTAMP.format(now) + " + 5 min.)");
        }
        Duration valid = signature.credential().presigned() ? Duration.ofSeconds(signature.validSeconds()) : SKEW;
        if (now.isAfter(signed.plus(valid))) {
            throw errors.outOfTime("Signature expired: " + signature.timestamp() + " is now earlier than "
                    + TIMESTAMP.format(now.minus(valid)) + " (" + TIMESTAMP.format(now) + " - "
                    + valid.toSeconds() + " s)");
        }
    }

    /** What says what is to be done must not be added on the way. A session's token is sealed and may be. */
    private static void mustBeSigned(Signature signature, SignedRequest request) {
        for (String name : request.headers().keySet()) {
            if (name.startsWith(AMZ_PREFIX)
                    && !name.equals(SECURITY_TOKEN)
                    && !signature.signedHeaders().contains(name)) {
                throw Credential.incomplete("'" + name + "' must be a 'SignedHeader' in the AWS Authorization.");
            }
        }
    }

    private static String payloadHash(SignedRequest request, Map<String, String> query, AccessErrors errors) {
        List<String> sent = request.headers().get(PAYLOAD_HASH);
        String said = sent != null ? sent.getFirst() : query.get("X-Amz-Content-Sha256");
        if (SigV4.UNSIGNED_PAYLOAD.equals(said)) {
            return SigV4.UNSIGNED_PAYLOAD;
        }
        String hash = SigV4.sha256(request.body());
        if (said != null && !said.equals(hash)) {
            throw errors.wrongSignature();
        }
        return hash;
    }
}
