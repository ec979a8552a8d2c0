package io.cumulet.endpoint.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.endpoint.protocol.AwsError;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerifierTest {

    private static final Instant NOW = Instant.parse("2026-12-01T01:00:00Z");
    private static final String FORM = "Action=GetCallerIdentity&Version=2011-06-15";
    private static final Signer SIGNER = new Signer("AKIDEXAMPLE", "secret");

    private final Verifier verifier = new Verifier(InstantSource.fixed(NOW));

    @Test
    void clocksMayBeFiveMinutesApartAndNotMore() {
        Duration most = Duration.ofMinutes(5);
        assertThat(codeOf(signedAt(NOW.plus(most)), AccessErrors.EC2)).isEqualTo("none");
        assertThat(codeOf(signedAt(NOW.minus(most)), AccessErrors.EC2)).isEqualTo("none");
        Duration tooMuch = most.plusSeconds(1);
        for (Instant signed : List.of(NOW.plus(tooMuch), NOW.minus(tooMuch))) {
            assertThat(codeOf(signedAt(signed), AccessErrors.EC2)).isEqualTo("RequestExpired");
            assertThat(codeOf(signedAt(signed), AccessErrors.STS)).isEqualTo("SignatureDoesNotMatch");
            assertThat(codeOf(signedAt(signed), AccessErrors.JSON)).isEqualTo("InvalidSignatureException");
        }
    }

    @Test
    void whatWasChangedOnTheWayIsRefused() {
        SignedRequest signed = signedAt(NOW);
        SignedRequest otherBody = new SignedRequest(
                "POST", "/", "", signed.headers(), (FORM + "&x=1").getBytes(StandardCharsets.UTF_8), "");
        assertThat(codeOf(otherBody, AccessErrors.EC2)).isEqualTo("AuthFailure");
        SignedRequest otherQuery =
                new SignedRequest("POST", "/", "Action=RunInstances", signed.headers(), signed.body(), "");
        assertThat(codeOf(otherQuery, AccessErrors.STS)).isEqualTo("SignatureDoesNotMatch");
        assertThat(codeOf(with(signed, "host", "elsewhere"), AccessErrors.JSON)).isEqualTo("InvalidSignatureException");
    }

    @Test
    void aTargetThatWasAddedOnTheWayIsRefused() {
        assertThat(codeOf(
                        with(signedAt(NOW), "x-amz-target", "AWSInsightsIndexService.GetCostAndUsage"),
                        AccessErrors.JSON))
                .isEqualTo("IncompleteSignature");
    }

    @Test
    void aBodysHashThatIsSaidHasToBeTheBodys() {
        SignedRequest signed = signedAt(NOW);
        Map<String, List<String>> headers = new HashMap<>(signed.headers());
        headers.put("x-amz-content-sha256", List.of(SigV4.sha256(new byte[0])));
        headers.computeIfPresent(
                "authorization",
                (name, values) ->
                        List.of(values.getFirst().replace("host;x-amz-date", "host;x-amz-content-sha256;x-amz-date")));
        assertThat(codeOf(new SignedRequest("POST", "/", "", headers, signed.body(), ""), AccessErrors.STS))
                .isEqualTo("SignatureDoesNotMatch");
    }

    @Test
    void aSignatureThatLacksAPartIsIncomplete() {
        String authorization = signedAt(NOW).header("authorization");
        for (String broken : List.of(
                authorization.replace("Signature=", "Sig="),
                authorization.replace("SignedHeaders=", "Headers="),
                authorization.replace("host;", ""),
                authorization.replace("/20261201/", "/20261202/"))) {
            assertThat(codeOf(with(signedAt(NOW), "authorization", broken), AccessErrors.EC2))
                    .as(broken)
                    .isEqualTo("IncompleteSignature");
        }
        SignedRequest noDate =
                new SignedRequest("POST", "/", "", Map.of("authorization", List.of(authorization)), new byte[0], "");
        assertThat(codeOf(noDate, AccessErrors.EC2)).isEqualTo("IncompleteSignature");
    }

    @Test
    void aPresignedRequestIsGoodForAsLongAsItSaysAndAWeekAtMost() {
        assertThat(codeOfPresigned("3600", NOW.plusSeconds(3600))).isEqualTo("SignatureDoesNotMatch");
        assertThat(codeOfPresigned("3600", NOW.plusSeconds(3601))).isEqualTo("RequestExpired");
        for (String odd : List.of("0", "-1", "604801", "x", "")) {
            assertThat(codeOfPresigned(odd, NOW)).as(odd).isEqualTo("IncompleteSignature");
        }
    }

    /** Its signature is none; a request that is out of time isn't looked at so far. */
    private static String codeOfPresigned(String expires, Instant now) {
        Map<String, String> query = Map.of(
                "X-Amz-Algorithm", "AWS4-HMAC-SHA256",
                "X-Amz-Credential", "AKIDEXAMPLE/20261201/us-east-1/ec2/aws4_request",
                "X-Amz-Date", "20261201T010000Z",
                "X-Amz-Expires", expires,
                "X-Amz-SignedHeaders", "host",
                "X-Amz-Signature", "00");
        SignedRequest request = new SignedRequest("GET", "/", "", Map.of(), new byte[0], "");
        try {
            new Verifier(InstantSource.fixed(now))
                    .verify(Credential.of(null, query).orElseThrow(), "secret", request, query, AccessErrors.EC2);
            return "none";
        } catch (AwsError e) {
            return e.code().equals("AuthFailure") ? "SignatureDoesNotMatch" : e.code();
        }
    }

    private static SignedRequest signedAt(Instant time) {
        return SIGNER.request("sts", FORM, time);
    }

    private static SignedRequest with(SignedRequest request, String header, String value) {
        Map<String, List<String>> headers = new HashMap<>(request.headers());
        headers.put(header, List.of(value));
        return new SignedRequest(request.method(), request.path(), request.rawQuery(), headers, request.body(), "");
    }

    private String codeOf(SignedRequest request, AccessErrors errors) {
        try {
            verifier.verify(
                    Credential.of(request.header("authorization"), Map.of()).orElseThrow(),
                    SIGNER.secret(),
                    request,
                    Map.of(),
                    errors);
            return "none";
        } catch (AwsError e) {
            return e.code();
        }
    }
}
