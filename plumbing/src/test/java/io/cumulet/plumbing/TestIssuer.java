package io.cumulet.plumbing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
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
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A small OpenID Connect issuer: discovery, keys, client credentials. Its private keys are handed to tests as settings. */
public class TestIssuer implements QuarkusTestResourceLifecycleManager {

    static final String AUDIENCE = "cumulet";
    static final String CLIENT_ID = "plumbing";
    static final String CLIENT_SECRET = "a secret of the tests";
    static final String KEY = "test.issuer.key";
    static final String LATER_KEY = "test.issuer.later-key";

    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    private HttpServer server;
    private KeyPair key;
    private KeyPair laterKey;
    private volatile boolean rotated;

    @Override
    public Map<String, String> start() {
        try {
            key = newKey();
            laterKey = newKey();
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
        Map<String, String> settings = new HashMap<>();
        settings.put("cumulet.auth.mode", "jwt");
        settings.put("cumulet.auth.issuer", url());
        settings.put("cumulet.auth.audience", AUDIENCE);
        settings.put("cumulet.auth.client.id", CLIENT_ID);
        settings.put("cumulet.auth.client.secret", CLIENT_SECRET);
        settings.put("quarkus.oidc.token.forced-jwk-refresh-interval", "0S");
        settings.put(KEY, Base64.getEncoder().encodeToString(key.getPrivate().getEncoded()));
        settings.put(
                LATER_KEY,
                Base64.getEncoder().encodeToString(laterKey.getPrivate().getEncoded()));
        return settings;
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static PrivateKey key(String setting) {
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(setting)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String signed(PrivateKey key, String keyId, String claims) {
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

    static String encode(String text) {
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
        Instant now = Instant.now();
        String claims = """
                {"iss":"%s","aud":"cumulet","sub":"svc","groups":["service"],"iat":%d,"exp":%d}""".formatted(
                url(), now.getEpochSecond(), now.plus(Duration.ofMinutes(5)).getEpochSecond());
        String token = signed(key.getPrivate(), "first", claims);
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
