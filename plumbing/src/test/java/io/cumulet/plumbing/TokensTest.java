package io.cumulet.plumbing;

import static io.cumulet.embedded.EmbeddedIssuer.encode;
import static io.cumulet.embedded.EmbeddedIssuer.signed;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.cumulet.embedded.EmbeddedIssuer;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.calls.ServiceCalls;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** Mode jwt, with an issuer of the tests' own. */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
@WithTestResource(value = TestIssuer.class, scope = TestResourceScope.RESTRICTED_TO_CLASS)
class TokensTest {

    private static final String ACCOUNT = "210987654321";

    // Not injected: the other tests' application, which holds this class too, has no such settings.
    private final String keySetting = setting(TestIssuer.KEY);
    private final String laterKeySetting = setting(TestIssuer.LATER_KEY);
    private final String issuer = setting("cumulet.auth.issuer");

    @Inject
    ServiceCalls calls;

    @Test
    void aTenantsTokenMeansTheAccountItNames() {
        call(token(claims())).statusCode(200).body("account", equalTo(ACCOUNT));
        call(token(claims("aud", "[\"other\",\"cumulet\"]"))).statusCode(200);
    }

    @Test
    void whoeverBringsNoTokenIsToldWhatIsWanted() {
        problem(given().get("/v1/echo").then(), 401, "AuthFailure")
                .header("WWW-Authenticate", "Bearer realm=\"cumulet\"");
        problem(given().header("Authorization", "Basic dTpw").get("/v1/echo").then(), 401, "AuthFailure");
    }

    @Test
    void theWordsOfTheLocalModeOpenNothing() {
        unauthorized("operator");
        unauthorized(ACCOUNT);
    }

    @Test
    void aTokenOfAnotherTimeIsRefused() {
        long now = Instant.now().getEpochSecond();
        unauthorized(token(claims("exp", String.valueOf(now - 60))));
        unauthorized(token(claims("nbf", String.valueOf(now + 600))));
        unauthorized(token(claims("exp", null)));
    }

    @Test
    void aTokenOfAnotherIssuerOrForAnotherAudienceIsRefused() {
        unauthorized(token(claims("iss", "\"https://elsewhere.example\"")));
        unauthorized(token(claims("iss", null)));
        unauthorized(token(claims("aud", "\"other\"")));
        unauthorized(token(claims("aud", null)));
    }

    @Test
    void aTokenThatTheIssuerDidNotSignIsRefused() throws GeneralSecurityException {
        PrivateKey stranger = EmbeddedIssuer.newKey().getPrivate();
        unauthorized(signed(stranger, "first", json(claims())));
        unauthorized(signed(stranger, "unheard-of", json(claims())));
        String[] parts = token(claims()).split("\\.", -1);
        unauthorized(parts[0] + "." + encode(json(claims("groups", "[\"operator\"]"))) + "." + parts[2]);
        unauthorized(parts[0] + "." + parts[1] + ".");
        unauthorized("not.a.token");
    }

    @Test
    void anUnsignedTokenIsRefused() {
        String claims = encode(json(claims()));
        unauthorized(encode("{\"alg\":\"none\"}") + "." + claims + ".");
        unauthorized(encode("{\"alg\":\"none\",\"kid\":\"first\"}") + "." + claims + ".");
        unauthorized(encode("{\"alg\":\"None\",\"kid\":\"first\"}") + "." + claims + ".c2ln");
    }

    @Test
    void thePublicKeyIsNoSecretToSignWith() throws GeneralSecurityException {
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) EmbeddedIssuer.readKey(keySetting);
        byte[] publicKey = KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()))
                .getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(UTF_8)).encodeToString(publicKey)
                + "\n-----END PUBLIC KEY-----\n";
        for (byte[] secret : new byte[][] {publicKey, pem.getBytes(UTF_8)}) {
            String content = encode("{\"alg\":\"HS256\",\"kid\":\"first\"}") + "." + encode(json(claims()));
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            unauthorized(content + "."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(content.getBytes(UTF_8))));
        }
    }

    @Test
    void aGoodTokenWithoutARoleOrAnAccountMayDoNothing() {
        problem(call(token(claims("groups", "[\"visitor\"]"))), 403, "UnauthorizedOperation");
        problem(call(token(claims("groups", null))), 403, "UnauthorizedOperation");
        problem(call(token(claims("cumulet_account", null))), 403, "UnauthorizedOperation");
        problem(call(token(claims("cumulet_account", "\"42\""))), 403, "UnauthorizedOperation");
        problem(call(token(claims("cumulet_account", "210987654321"))), 403, "UnauthorizedOperation");
        problem(call(token(claims("cumulet_account", "\"000000000000\""))), 403, "UnauthorizedOperation");
    }

    @Test
    void operatorsCallsAreForOperators() {
        String operator = token(claims("groups", "[\"operator\"]"));
        problem(clock(token(claims())), 403, "UnauthorizedOperation");
        problem(clock(token(claims("groups", "[\"service\"]"))), 403, "UnauthorizedOperation");
        call(operator).statusCode(200).body("account", equalTo(AccountId.OPERATOR.value()));
        // The clock's barrier asks the service's status, with the service's own token.
        clock(operator).statusCode(200).body("mode", equalTo("frozen"));
    }

    @Test
    void aServiceMayReadTheStatusAndNamesTheAccountItActsFor() throws Exception {
        String service = token(claims("groups", "[\"service\"]", "cumulet_account", null));
        given().header("Authorization", "Bearer " + service)
                .get("/v1/status")
                .then()
                .statusCode(200);
        problem(
                given().header("Authorization", "Bearer " + token(claims()))
                        .get("/v1/status")
                        .then(),
                403,
                "UnauthorizedOperation");
        HttpRequest echo = calls.onBehalfOf(
                        new AccountId(ACCOUNT),
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + RestAssured.port + "/v1/echo")))
                .build();
        assertThat(calls.http().send(echo, BodyHandlers.ofString()).body()).contains("\"account\":\"210987654321\"");
    }

    @Test
    void nobodyButAServiceNamesAnAccountToActFor() {
        for (String role : new String[] {"user", "operator"}) {
            problem(
                    given().header("Authorization", "Bearer " + token(claims("groups", "[\"" + role + "\"]")))
                            .header("cumulet-account", "123456789012")
                            .get("/v1/echo")
                            .then(),
                    403,
                    "UnauthorizedOperation");
        }
        problem(
                given().header("Authorization", "Bearer " + token(claims("groups", "[\"service\"]")))
                        .header("cumulet-account", "000000000000")
                        .get("/v1/echo")
                        .then(),
                403,
                "UnauthorizedOperation");
    }

    @Test
    void healthAndTheApisDescriptionNeedNoToken() {
        given().get("/q/health/ready").then().statusCode(200);
        given().get("/q/openapi").then().statusCode(200);
    }

    @Test
    void aKeyThatTheIssuerTakesUpLaterCountsWithoutARestart() {
        String later = signed(EmbeddedIssuer.readKey(laterKeySetting), "later", json(claims()));
        unauthorized(later);
        given().get(issuer + "/rotate").then().statusCode(200);
        call(later).statusCode(200).body("account", equalTo(ACCOUNT));
    }

    private static String setting(String name) {
        return ConfigProvider.getConfig().getOptionalValue(name, String.class).orElse("");
    }

    private String token(Map<String, String> claims) {
        return signed(EmbeddedIssuer.readKey(keySetting), "first", json(claims));
    }

    /** A good tenant's claims but for those that are given: name, JSON (null: left out). */
    private Map<String, String> claims(String... others) {
        Instant now = Instant.now();
        Map<String, String> claims = new LinkedHashMap<>();
        claims.put("iss", '"' + issuer + '"');
        claims.put("aud", "\"cumulet\"");
        claims.put("sub", "\"alice\"");
        claims.put("groups", "[\"user\"]");
        claims.put("cumulet_account", '"' + ACCOUNT + '"');
        claims.put("iat", String.valueOf(now.getEpochSecond()));
        claims.put("exp", String.valueOf(now.plus(Duration.ofMinutes(5)).getEpochSecond()));
        for (int i = 0; i < others.length; i += 2) {
            claims.put(others[i], others[i + 1]);
        }
        return claims;
    }

    private static String json(Map<String, String> claims) {
        return claims.entrySet().stream()
                .filter(claim -> claim.getValue() != null)
                .map(claim -> '"' + claim.getKey() + "\":" + claim.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static ValidatableResponse call(String token) {
        return given().header("Authorization", "Bearer " + token)
                .get("/v1/echo")
                .then();
    }

    private static ValidatableResponse clock(String token) {
        return given().header("Authorization", "Bearer " + token)
                .contentType("application/json")
                .body("{\"action\":\"freeze\"}")
                .post("/v1/clock")
                .then();
    }

    private static void unauthorized(String token) {
        problem(call(token), 401, "AuthFailure")
                .header("WWW-Authenticate", "Bearer realm=\"cumulet\", error=\"invalid_token\"");
    }

    private static ValidatableResponse problem(ValidatableResponse response, int status, String code) {
        return response.statusCode(status)
                .contentType("application/problem+json")
                .body("code", equalTo(code));
    }
}
