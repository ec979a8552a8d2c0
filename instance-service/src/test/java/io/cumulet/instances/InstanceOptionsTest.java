package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.awaitState;
import static io.cumulet.instances.Stack.isRefused;
import static io.cumulet.instances.Stack.launch;
import static io.cumulet.instances.Stack.launchOf;
import static io.cumulet.instances.Stack.running;
import static io.cumulet.instances.Stack.stopped;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

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
class InstanceOptionsTest {

    private final String account = Stack.newAccount();

    @Test
    void whatNothingIsSaidOfIsAsUsualForTheType() {
        String id =
                launch(account, launchOf("t3.nano")).statusCode(201).extract().path("instances[0].instanceId");
        found(id)
                .body("monitoring.state", equalTo("disabled"))
                .body("disableApiStop", equalTo(false))
                .body("instanceInitiatedShutdownBehavior", equalTo("stop"))
                .body("creditSpecification.cpuCredits", equalTo("unlimited"))
                .body("metadataOptions.httpTokens", equalTo("optional"))
                .body("metadataOptions.httpPutResponseHopLimit", equalTo(1))
                .body("iamInstanceProfile", nullValue())
                .body("rootDeviceName", equalTo("/dev/xvda"))
                .body("sourceDestCheck", equalTo(true))
                .body("privateDnsName", startsWith("ip-172-31-"));
        launch(account, launchOf("t2.nano"))
                .statusCode(201)
                .body("instances[0].creditSpecification.cpuCredits", equalTo("standard"));
    }

    @Test
    void whatIsSaidAtTheLaunchComesBackAndIsChangedPieceByPiece() {
        String id = launch(
                        account,
                        launchOf(
                                "t3.micro",
                                "monitoring",
                                Map.of("enabled", true),
                                "instanceInitiatedShutdownBehavior",
                                "terminate",
                                "creditSpecification",
                                Map.of("cpuCredits", "standard"),
                                "cpuOptions",
                                Map.of("coreCount", 1, "threadsPerCore", 1),
                                "metadataOptions",
                                Map.of("httpTokens", "required", "httpPutResponseHopLimit", 2),
                                "iamInstanceProfile",
                                Map.of("name", "web"),
                                "networkInterfaceTags",
                                Map.of("of", "interface"),
                                "clientToken",
                                "options"))
                .statusCode(201)
                .extract()
                .path("instances[0].instanceId");
        as(account)
                .body(Map.of("metadataOptions", Map.of("httpEndpoint", "disabled"), "tags", Map.of("while", "pending")))
                .patch("/v1/instances/{id}", id)
                .then()
                .statusCode(200);
        ValidatableResponse found = found(id)
                .body("monitoring.state", equalTo("enabled"))
                .body("instanceInitiatedShutdownBehavior", equalTo("terminate"))
                .body("creditSpecification.cpuCredits", equalTo("standard"))
                .body("cpuOptions.threadsPerCore", equalTo(1))
                .body("metadataOptions.httpTokens", equalTo("required"))
                .body("metadataOptions.httpPutResponseHopLimit", equalTo(2))
                .body("metadataOptions.httpEndpoint", equalTo("disabled"))
                .body("iamInstanceProfile.arn", equalTo("arn:aws:iam::" + account + ":instance-profile/web"))
                .body("clientToken", equalTo("options"))
                .body("tags.while", equalTo("pending"));
        String interfaceId = found.extract().path("networkInterfaces[0].networkInterfaceId");
        as(account).get("/v1/network-interfaces/{id}", interfaceId).then().body("tags.of", equalTo("interface"));
    }

    @Test
    void whatALaunchDoesNotSayOfItsMetadataIsTheAccountsDefaultUntilThatIsTakenBack() {
        changeDefaults(Map.of("httpTokens", "required", "httpPutResponseHopLimit", 3))
                .statusCode(200)
                .body("httpTokens", equalTo("required"));
        changeDefaults(Map.of("instanceMetadataTags", "enabled")).statusCode(200);
        as(account)
                .get("/v1/instance-metadata-defaults")
                .then()
                .body("httpTokens", equalTo("required"))
                .body("httpPutResponseHopLimit", equalTo(3))
                .body("instanceMetadataTags", equalTo("enabled"))
                .body("httpEndpoint", nullValue());
        String id = launch(account, launchOf("t3.nano", "metadataOptions", Map.of("httpTokens", "optional")))
                .statusCode(201)
                .extract()
                .path("instances[0].instanceId");
        found(id)
                .body("metadataOptions.httpTokens", equalTo("optional"))
                .body("metadataOptions.httpPutResponseHopLimit", equalTo(3))
                .body("metadataOptions.httpEndpoint", equalTo("enabled"))
                .body("metadataOptions.instanceMetadataTags", equalTo("enabled"));
        launch(Stack.newAccount(), launchOf("t3.nano"))
                .statusCode(201)
                .body("instances[0].metadataOptions.httpTokens", equalTo("optional"));
        as(account)
                .queryParam("region", "us-west-2")
                .get("/v1/instance-metadata-defaults")
                .then()
                .body("httpTokens", nullValue());

        isRefused(changeDefaults(Map.of("httpTokens", "maybe")), 400, "InvalidParameterValue", "httpTokens");
        isRefused(
                changeDefaults(Map.of("httpPutResponseHopLimit", 65)),
                400,
                "InvalidParameterValue",
                "httpPutResponseHopLimit");
        changeDefaults(Map.of("httpTokens", "no-preference", "httpPutResponseHopLimit", -1))
                .statusCode(200)
                .body("httpTokens", nullValue())
                .body("instanceMetadataTags", equalTo("enabled"));
        launch(account, launchOf("t3.nano"))
                .statusCode(201)
                .body("instances[0].metadataOptions.httpTokens", equalTo("optional"))
                .body("instances[0].metadataOptions.httpPutResponseHopLimit", equalTo(1))
                .body("instances[0].metadataOptions.instanceMetadataTags", equalTo("enabled"));
        found(id).body("metadataOptions.httpPutResponseHopLimit", equalTo(3));
    }

    private ValidatableResponse changeDefaults(Map<String, Object> said) {
        return as(account).body(said).patch("/v1/instance-metadata-defaults").then();
    }

    @Test
    void whatTheTypeCannotIsRefusedAndChangesNothing() {
        isRefused(
                launch(account, launchOf("m4.large", "creditSpecification", Map.of("cpuCredits", "unlimited"))),
                400,
                "InstanceCreditSpecification.NotSupported",
                "creditSpecification");
        isRefused(
                launch(account, launchOf("m4.large", "cpuOptions", Map.of("coreCount", 9, "threadsPerCore", 1))),
                400,
                "InvalidParameterValue",
                "cpuOptions.coreCount");
        isRefused(
                launch(account, launchOf("m4.large", "metadataOptions", Map.of("httpTokens", "maybe"))),
                400,
                "InvalidParameterValue",
                "metadataOptions.httpTokens");
        isRefused(
                launch(account, launchOf("m4.large", "iamInstanceProfile", Map.of("arn", "arn:aws:iam::1:role/x"))),
                400,
                "InvalidParameterValue",
                "iamInstanceProfile.arn");
        isRefused(
                launch(account, launchOf("m4.large", "iamInstanceProfile", Map.of())),
                400,
                "InvalidParameterCombination",
                "iamInstanceProfile");
        as(account).get("/v1/instances").then().body("instances.size()", equalTo(0));
    }

    @Test
    void anInstanceProfileIsGivenReplacedAndTakenAway() {
        String id = running(account, "t3.nano", "disableApiStop", false);
        changeProfile(id, Map.of("name", "web"))
                .statusCode(200)
                .body("iamInstanceProfile.arn", equalTo("arn:aws:iam::" + account + ":instance-profile/web"));
        changeProfile(id, Map.of("arn", "arn:aws:iam::" + account + ":instance-profile/db"))
                .statusCode(200)
                .body("iamInstanceProfile.arn", equalTo("arn:aws:iam::" + account + ":instance-profile/db"));
        isRefused(
                changeProfile(id, Map.of("name", "x", "arn", "arn:aws:iam::" + account + ":instance-profile/x")),
                400,
                "InvalidParameterCombination",
                "iamInstanceProfile");
        changeProfile(id, Map.of()).statusCode(200).body("iamInstanceProfile", nullValue());
        found(id).body("iamInstanceProfile", nullValue());
    }

    private ValidatableResponse changeProfile(String id, Map<String, String> profile) {
        return as(account)
                .body(Map.of("iamInstanceProfile", profile))
                .patch("/v1/instances/{id}", id)
                .then();
    }

    @Test
    void protectionFromBeingStoppedProtectsFromItsOwnersStopAndTermination() {
        String id = running(account, "t3.nano", "disableApiStop", true);
        isRefused(
                as(account).post("/v1/instances/{id}/stop", id).then(), 409, "OperationNotPermitted", "disableApiStop");
        isRefused(as(account).delete("/v1/instances/{id}", id).then(), 409, "OperationNotPermitted", "disableApiStop");
        as(account)
                .body(Map.of("disableApiStop", false))
                .patch("/v1/instances/{id}", id)
                .then()
                .statusCode(200);
        as(account).delete("/v1/instances/{id}", id).then().statusCode(200);
    }

    @Test
    void anotherTypeHasItsOwnCoresAndCredits() {
        String id = stopped(account, "t3.micro", "cpuOptions", Map.of("coreCount", 1, "threadsPerCore", 1));
        as(account)
                .body(Map.of("instanceType", "m4.large"))
                .patch("/v1/instances/{id}", id)
                .then()
                .statusCode(200)
                .body("cpuOptions.threadsPerCore", equalTo(2))
                .body("creditSpecification", nullValue());
    }

    @Test
    void oneCommandReachesAllItNamesOrNone() {
        List<String> ids = launch(account, launchOf("t3.nano", "minCount", 2, "maxCount", 2))
                .statusCode(201)
                .extract()
                .path("instances.instanceId");
        ids.forEach(id -> awaitState(account, id, "running"));
        as(account)
                .body(Map.of("disableApiTermination", true))
                .patch("/v1/instances/{id}", ids.get(1))
                .then()
                .statusCode(200);
        isRefused(change("terminate", ids), 409, "OperationNotPermitted", "disableApiTermination");
        isRefused(
                change("stop", List.of(ids.get(0), "i-00000000000000000")),
                404,
                "InvalidInstanceID.NotFound",
                "instanceId");
        isRefused(change("pause", ids), 400, "InvalidParameterValue", "action");
        found(ids.getFirst()).body("state", equalTo("running"));

        change("monitor", ids).statusCode(200).body("stateChanges.currentState", everyItem(equalTo("running")));
        found(ids.getFirst()).body("monitoring.state", equalTo("enabled"));
        change("stop", ids)
                .statusCode(200)
                .body("stateChanges.instanceId", equalTo(ids))
                .body("stateChanges.previousState", everyItem(equalTo("running")))
                .body("stateChanges.currentState", everyItem(equalTo("stopping")));
        ids.forEach(id -> awaitState(account, id, "stopped"));
        change("start", ids).statusCode(200).body("stateChanges.currentState", everyItem(equalTo("pending")));

        String other = Stack.newAccount();
        isRefused(
                as(other)
                        .body(Map.of("action", "stop", "instanceIds", ids))
                        .post("/v1/instance-state-changes")
                        .then(),
                404,
                "InvalidInstanceID.NotFound",
                "instanceIds");
    }

    private ValidatableResponse change(String action, List<String> ids) {
        return as(account)
                .body(Map.of("action", action, "instanceIds", ids))
                .post("/v1/instance-state-changes")
                .then();
    }

    private ValidatableResponse found(String id) {
        return as(account).get("/v1/instances/{id}", id).then().statusCode(200);
    }
}
