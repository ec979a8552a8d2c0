package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.isRefused;
import static io.cumulet.instances.Stack.launch;
import static io.cumulet.instances.Stack.launchOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.cumulet.embedded.StackResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class ImagesTest {

    private final String account = Stack.newAccount();

    @Test
    void anImageOfAnInstanceLaunchesWhatTheInstanceRuns() {
        String instance = launch(account, Map.of("imageId", Stack.WINDOWS, "instanceType", "t2.micro"))
                .statusCode(201)
                .extract()
                .path("instances[0].instanceId");
        Stack.awaitState(account, instance, "running");
        Map<String, Object> wish =
                Map.of("name", "web (1)", "instanceId", instance, "noReboot", true, "clientToken", "image");
        isRefused(
                as(Stack.newAccount()).body(wish).post("/v1/images").then(),
                404,
                "InvalidInstanceID.NotFound",
                "instanceId");
        String id = create(wish)
                .statusCode(201)
                .body("imageId", matchesPattern("ami-[0-9a-f]{17}"))
                .body("os", equalTo("windows"))
                .body("rootDeviceName", equalTo("/dev/sda1"))
                .body("sourceInstanceId", equalTo(instance))
                .body("state", equalTo("available"))
                .body("isPublic", equalTo(false))
                .extract()
                .path("imageId");
        create(wish).statusCode(201).body("imageId", equalTo(id));
        isRefused(create(Map.of("name", "web (1)", "instanceId", instance)), 409, "InvalidAMIName.Duplicate", "name");
        launch(account, Map.of("imageId", id, "instanceType", "t2.micro"))
                .statusCode(201)
                .body("instances[0].os", equalTo("windows"))
                .body("instances[0].imageId", equalTo(id));
        isRefused(
                launch(account, Map.of("imageId", id, "instanceType", "t4g.micro")),
                400,
                "InvalidParameterCombination",
                "instanceType");
        as(account).delete("/v1/instances/" + instance).then().statusCode(200);
        Stack.awaitState(account, instance, "terminated");
        isRefused(create(Map.of("name", "late", "instanceId", instance)), 409, "IncorrectInstanceState", "instanceId");
    }

    @Test
    void anImageIsLaunchedByWhomItsOwnerLetsAndListedForThem() {
        String friend = Stack.newAccount();
        String id = registered("shared");
        isNotFound(launch(friend, of(id)));
        isNotFound(as(friend).get("/v1/images/{id}", id).then());

        change(id, Map.of("addLaunchAccounts", List.of(friend), "tags", Map.of("a", "b")))
                .statusCode(200)
                .body("launchAccounts", contains(friend));
        launch(friend, of(id)).statusCode(201);
        as(friend)
                .queryParam("ownerId", account)
                .get("/v1/images")
                .then()
                .body("images", hasSize(1))
                .body("images[0].launchAccounts", nullValue())
                .body("images[0].tags", equalTo(Map.of()));
        isRefused(
                as(friend)
                        .body(Map.of("isPublic", true))
                        .patch("/v1/images/{id}", id)
                        .then(),
                403,
                "UnauthorizedOperation",
                "imageId");

        change(id, Map.of("removeLaunchAccounts", List.of(friend))).statusCode(200);
        isNotFound(launch(friend, of(id)));
        change(id, Map.of("isPublic", true)).statusCode(200);
        launch(Stack.newAccount(), of(id)).statusCode(201);
        change(id, Map.of("isPublic", false)).statusCode(200);
        isNotFound(launch(friend, of(id)));
    }

    @Test
    void aDisabledImageAndADeregisteredOneAreLaunchedByNobody() {
        String id = registered("old");
        Map<String, Object> body = launchOf("t2.micro", "imageId", id, "clientToken", "of-old");
        String reservation = launch(account, body).statusCode(201).extract().path("reservationId");
        change(id, Map.of("disabled", true)).statusCode(200).body("state", equalTo("disabled"));
        isRefused(launch(account, of(id)), 400, "InvalidAMIID.Unavailable", "imageId");
        change(id, Map.of("disabled", false)).statusCode(200);
        launch(account, of(id)).statusCode(201);

        as(account).delete("/v1/images/{id}", id).then().statusCode(204);
        isRefused(launch(account, of(id)), 400, "InvalidAMIID.Unavailable", "imageId");
        launch(account, body).statusCode(201).body("reservationId", equalTo(reservation));
        isNotFound(as(account).get("/v1/images/{id}", id).then());
        isNotFound(as(account).delete("/v1/images/{id}", id).then());
        as(account).queryParam("imageId", id).get("/v1/instances").then().body("instances", hasSize(2));
        registered("old");
    }

    @Test
    void aCopyIsAnImageOfItsOwnInAnotherRegion() {
        String copy = as(account)
                .queryParam("region", "eu-west-1")
                .body(Map.of("name", "copied", "sourceImageId", Stack.ARM_LINUX, "sourceRegion", "us-east-1"))
                .post("/v1/images")
                .then()
                .statusCode(201)
                .body("architecture", equalTo("arm64"))
                .body("sourceImageRegion", equalTo("us-east-1"))
                .extract()
                .path("imageId");
        isNotFound(as(account).get("/v1/images/{id}", copy).then());
        as(account)
                .queryParam("region", "eu-west-1")
                .queryParam("ownerId", account)
                .get("/v1/images")
                .then()
                .body("images.imageId", contains(copy));
        isRefused(
                create(Map.of("name", "none", "sourceImageId", "ami-0dead0dead0dead00")),
                400,
                "InvalidAMIID.NotFound",
                "imageId");
    }

    @Test
    void publicImagesOfTheCatalogAreNobodysToChange() {
        isRefused(change(Stack.AMAZON_LINUX, Map.of("description", "mine")), 403, "UnauthorizedOperation", "imageId");
        isRefused(
                as(account).delete("/v1/images/{id}", Stack.AMAZON_LINUX).then(),
                403,
                "UnauthorizedOperation",
                "imageId");
        as(account)
                .queryParam("maxResults", 1000)
                .get("/v1/images")
                .then()
                .body("images.imageId", hasItem(Stack.AMAZON_LINUX))
                .body("images.ownerId", not(hasItem(account)));
    }

    @Test
    void aNameThatNoImageCanHaveIsRefused() {
        isRefused(create(Map.of("name", "a!")), 400, "InvalidAMIName.Malformed", "name");
        isRefused(create(Map.of()), 400, "MissingParameter", "name");
        isRefused(create(Map.of("name", "abc", "architecture", "sparc")), 400, "InvalidParameterValue", "architecture");
    }

    private String registered(String name) {
        return create(Map.of("name", name, "architecture", "x86_64"))
                .statusCode(201)
                .body("os", equalTo("linux"))
                .extract()
                .path("imageId");
    }

    private static Map<String, Object> of(String imageId) {
        return launchOf("t2.micro", "imageId", imageId);
    }

    private ValidatableResponse create(Map<String, Object> body) {
        return as(account).body(body).post("/v1/images").then();
    }

    private ValidatableResponse change(String id, Map<String, Object> body) {
        return as(account).body(body).patch("/v1/images/{id}", id).then();
    }

    private static void isNotFound(ValidatableResponse response) {
        isRefused(response, 400, "InvalidAMIID.NotFound", "imageId");
    }
}
