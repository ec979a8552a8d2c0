package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.isRefused;
import static io.cumulet.instances.Stack.launch;
import static io.cumulet.instances.Stack.launchOf;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.cumulet.embedded.StackResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class KeyPairsTest {

    private static final String ED25519 =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMm7TcVSBGDrCNpcd1gFD/8ORCqKUAZCAulkD/peIdl2";

    private final String account = Stack.newAccount();

    @Test
    void thePrivateKeyIsToldOnceAndNeverAgain() {
        String id = make(Map.of("keyName", "mine", "keyType", "ed25519"))
                .statusCode(201)
                .body("keyPairId", matchesPattern("key-[0-9a-f]{17}"))
                .body("keyMaterial", startsWith("-----BEGIN OPENSSH PRIVATE KEY-----"))
                .extract()
                .path("keyPairId");
        as(account)
                .get("/v1/key-pairs/{id}", id)
                .then()
                .statusCode(200)
                .body("keyMaterial", nullValue())
                .body("publicKey", matchesPattern("ssh-ed25519 [^ ]+ mine"));
        isRefused(make(Map.of("keyName", "mine")), 409, "InvalidKeyPair.Duplicate", "keyName");
        as(account)
                .queryParam("keyName", "mine")
                .get("/v1/key-pairs")
                .then()
                .body("keyPairs", hasSize(1))
                .body("keyPairs[0].keyMaterial", nullValue());
    }

    @Test
    void aPublicKeyIsImportedTaggedAndDeleted() {
        String id = make(Map.of("keyName", "theirs", "publicKeyMaterial", base64(ED25519 + " somebody")))
                .statusCode(201)
                .body("keyFingerprint", equalTo("c18QYmH2kYb8b3d+Uu8NqmDK01b90UF9cpsFRHUIBVk="))
                .body("publicKey", equalTo(ED25519 + " theirs"))
                .body("keyMaterial", nullValue())
                .extract()
                .path("keyPairId");
        Map<String, Object> patch = new HashMap<>();
        patch.put("stage", "test");
        patch.put("none", null);
        as(account)
                .body(Map.of("tags", patch))
                .patch("/v1/key-pairs/{id}", id)
                .then()
                .statusCode(200)
                .body("tags", equalTo(Map.of("stage", "test")));
        as(account).queryParam("tag:stage", "test").get("/v1/key-pairs").then().body("keyPairs", hasSize(1));
        isRefused(as(Stack.newAccount()).delete("/v1/key-pairs/{id}", id).then(), 404, "InvalidKeyPair.NotFound");
        as(account).delete("/v1/key-pairs/{id}", id).then().statusCode(204);
        isRefused(as(account).get("/v1/key-pairs/{id}", id).then(), 404, "InvalidKeyPair.NotFound");
    }

    @Test
    void whatIsNoKeyIsRefused() {
        isRefused(make(Map.of()), 400, "MissingParameter", "keyName");
        isRefused(make(Map.of("keyName", "k", "keyType", "dsa")), 400, "InvalidParameterValue", "keyType");
        isRefused(make(Map.of("keyName", "k", "keyFormat", "ppk")), 400, "UnsupportedOperation", "keyFormat");
        isRefused(
                make(Map.of("keyName", "k", "publicKeyMaterial", base64("no key"))),
                400,
                "InvalidKey.Format",
                "publicKeyMaterial");
        isRefused(
                make(Map.of("keyName", "k", "publicKeyMaterial", "%")), 400, "InvalidKey.Format", "publicKeyMaterial");
        as(account).get("/v1/key-pairs").then().body("keyPairs", hasSize(0));
    }

    @Test
    void aLaunchNamesAKeyPairThatIsThere() {
        isRefused(launch(account, launchOf("t2.micro", "keyName", "gone")), 404, "InvalidKeyPair.NotFound", "keyName");
        isRefused(
                launch(account, launchOf("t2.micro", "keyName", "gone", "dryRun", true)),
                404,
                "InvalidKeyPair.NotFound",
                "keyName");
        make(Map.of("keyName", "here", "publicKeyMaterial", base64(ED25519))).statusCode(201);
        isRefused(
                launch(Stack.newAccount(), launchOf("t2.micro", "keyName", "here")),
                404,
                "InvalidKeyPair.NotFound",
                "keyName");
        Map<String, Object> body = launchOf("t2.micro", "keyName", "here", "clientToken", "with-key");
        String reservation = launch(account, body)
                .statusCode(201)
                .body("instances[0].keyName", equalTo("here"))
                .extract()
                .path("reservationId");
        String id = as(account).get("/v1/key-pairs").then().extract().path("keyPairs[0].keyPairId");
        as(account).delete("/v1/key-pairs/{id}", id).then().statusCode(204);
        launch(account, body).statusCode(201).body("reservationId", equalTo(reservation));
    }

    private ValidatableResponse make(Map<String, Object> body) {
        return as(account).body(body).post("/v1/key-pairs").then();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
