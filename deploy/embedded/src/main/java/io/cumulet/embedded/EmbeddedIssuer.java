package io.cumulet.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A small OpenID Connect issuer on a free port of loopback, for tests: discovery, keys, and tokens for services by client
 * credentials. Thread-safe.
 */
public final class EmbeddedIssuer implements AutoCloseable {

    private static final String AUDIENCE = "cumulet";
    private static final String CLIENT_ID = "a-service";
    private static final String CLIENT_SECRET = "a secret of the tests";
    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    private final HttpServer server;
    private final KeyPair key = newKey();
    private final KeyPair laterKey = newKey();
    private volatile boolean rotated;

    /** Starts it. */
    public EmbeddedIssuer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext(
                "/.well-known/openid-configuration", exchange -> answer(exchange, 200, """
                {"issuer":"%1$s","jwks_uri":"%1$s/keys","token_endpoint":"%1$s/token"}""".formatted(url())));
        server.createContext("/keys", exchange -> answer(exchange, 200, keys()));
        server.createContext("/rotate", exchange -> {
            rotated = true;
            answer(exchange, 200, "{}");
        });
        server.createContext("/token", this::token);
        server.start();
    }

    /** With these a service takes its tokens, and gets its own. */
    public Map<String, String> serviceSettings() {
        return Map.of(
                "cumulet.auth.mode",
                "jwt",
                "cumulet.auth.issuer",
                url(),
                "cumulet.auth.audience",
                AUDIENCE,
                "cumulet.auth.client.id",
                CLIENT_ID,
                "cumulet.auth.client.secret",
                CLIENT_SECRET,
                "quarkus.oidc.token.forced-jwk-refresh-interval",
                "0S");
    }

    /** What it signs with. */
    public PrivateKey key() {
        return key.getPrivate();
    }

    /** What it signs with, too, once it was asked to {@code /rotate}. */
    public PrivateKey laterKey() {
        return laterKey.getPrivate();
    }

    /**
     * A token that is valid for five minutes.
     *
     * @param claims of a JSON object, without braces, such as {@code "groups":["user"]}
     */
    public String token(String claims) {
        Instant now = Instant.now();
        return signed(key(), "first", """
                {"iss":"%s","aud":"%s","sub":"test","iat":%d,"exp":%d,%s}""".formatted(
                        url(),
                        AUDIENCE,
                        now.getEpochSecond(),
                        now.plus(Duration.ofMinutes(5)).getEpochSecond(),
                        claims));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** A pair of RSA keys. */
    public static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param setting PKCS #8 in base64 */
    public static PrivateKey readKey(String setting) {
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(setting)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A JSON Web Token, signed with RS256. */
    public static String signed(PrivateKey key, String keyId, String claims) {
        String content = encode("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"" + keyId + "\"}") + "." + encode(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(content.getBytes(UTF_8));
            return content + "." + URL.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Text as a token's parts have it: base64url without padding. */
    public static String encode(String text) {
        return URL.encodeToString(text.getBytes(UTF_8));
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private String keys() {
        return "{\"keys\":[" + jwk("first", key) + (rotated ? "," + jwk("later", laterKey) : "") + "]}";
    }

    private static String jwk(String id, KeyPair pair) {
        RSAPublicKey key = (RSAPublicKey) pair.getPublic();
        return "{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"}"
                .formatted(id, number(key.getModulus()), number(key.getPublicExponent()));
    }

    /** Without the sign byte that Java puts before it. */
    private static String number(BigInteger value) {
        byte[] bytes = value.toByteArray();
        return URL.encodeToString(bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
    }

    private void token(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        Map<String, String> form = Arrays.stream(body.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        String basic = Base64.getEncoder().encodeToString((CLIENT_ID + ":" + CLIENT_SECRET).getBytes(UTF_8));
        if (!"client_credentials".equals(form.get("grant_type"))
                || !("Basic " + basic).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer(exchange, 401, "{\"error\":\"invalid_client\"}");
            return;
        }
        String token = token("\"groups\":[\"service\"]");
        answer(exchange, 200, "{\"access_token\":\"" + token + "\",\"token_type\":\"Bearer\",\"expires_in\":300}");
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        try (exchange) {
            byte[] body = json.getBytes(UTF_8);
            exchange.getResponseHeaders().add("content-type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
