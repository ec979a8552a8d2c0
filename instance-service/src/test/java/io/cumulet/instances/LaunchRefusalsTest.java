package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.isRefused;
import static io.cumulet.instances.Stack.launch;
import static io.cumulet.instances.Stack.launchOf;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;

import io.cumulet.contract.EventType;
import io.cumulet.contract.SecurityGroupSnapshot;
import io.cumulet.embedded.StackResource;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class LaunchRefusalsTest {

    @Inject
    Stack stack;

    private final String account = Stack.newAccount();

    @Test
    void whatIsMissingOrUnknownIsNamed() {
        isRefused(launch(account, Map.of("instanceType", "t2.micro")), 400, "MissingParameter", "imageId");
        isRefused(launch(account, Map.of("imageId", Stack.AMAZON_LINUX)), 400, "MissingParameter", "instanceType");
        isRefused(launch(account, launchOf("t2.tiny")), 400, "InvalidInstanceType", "instanceType");
        isRefused(
                launch(account, launchOf("t2.micro", "imageId", "ami-0000000000000dead")),
                400,
                "InvalidAMIID.NotFound",
                "imageId");
        isRefused(
                launch(account, launchOf("t2.micro", "placement", Map.of("availabilityZone", "us-east-1z"))),
                400,
                "InvalidAvailabilityZone",
                "placement.availabilityZone");
        isRefused(launch(account, launchOf("t2.micro", "colour", "red")), 400, "UnknownParameter", "colour");
        isRefused(
                launch(account, launchOf("t2.micro", "subnetId", "subnet-00000000000000000")),
                404,
                "InvalidSubnetID.NotFound",
                "subnetId");
    }

    @Test
    void theCharacterZeroIsRefusedAndTheZoneGoesOn() {
        String nul = "a" + (char) 0;
        isRefused(launch(account, launchOf("t2.micro", "keyName", nul)), 400, "InvalidParameterValue", "keyName");
        isRefused(
                launch(account, launchOf("t2.micro", "clientToken", nul)), 400, "InvalidParameterValue", "clientToken");
        isRefused(
                launch(account, launchOf("t2.micro", "tags", Map.of("a", nul))),
                400,
                "InvalidParameterValue",
                "tags.a");
        launch(account, launchOf("t2.micro", "tags", Map.of(nul, "b")))
                .statusCode(400)
                .body("field", startsWith("tags"));
        launch(account, launchOf("t2.micro", "securityGroupIds", List.of(nul)))
                .statusCode(400)
                .body("field", startsWith("securityGroupIds"));
        isRefused(as(account).get("/v1/instances/{id}", nul).then(), 400, "InvalidParameterValue", "id");
        isRefused(
                as(account).queryParam("instanceId", nul).get("/v1/instances").then(),
                400,
                "InvalidParameterValue",
                "instanceId");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "minCount: 1.7",
                "minCount: \"1\"",
                "maxCount: true",
                "disableApiTermination: \"true\"",
                "disableApiTermination: 1",
                "keyName: 5",
                "tags: {\"a\": 5}",
                "market: {\"type\": \"spot\", \"maxPrice\": 0.005}"
            })
    void aValueOfAnotherKindIsNotConverted(String field) {
        int colon = field.indexOf(':');
        String name = field.substring(0, colon);
        launchJson("{\"imageId\": \"" + Stack.AMAZON_LINUX + "\", \"instanceType\": \"t2.micro\", \"" + name + "\""
                        + field.substring(colon) + "}")
                .statusCode(400)
                .body("code", equalTo("InvalidParameterValue"))
                .body("field", startsWith(name));
    }

    @Test
    void aFieldStandsOnceAndNothingFollowsTheBody() {
        String body = "{\"imageId\": \"" + Stack.AMAZON_LINUX + "\", \"instanceType\": \"t2.micro\"";
        launchJson(body + ", \"minCount\": 1, \"minCount\": 2}")
                .statusCode(400)
                .body("code", equalTo("MalformedRequest"));
        launchJson(body + "} {}").statusCode(400);
        as(account).get("/v1/instances").then().body("instances", hasSize(0));
    }

    private ValidatableResponse launchJson(String json) {
        return as(account).body(json).post("/v1/instances").then();
    }

    @Test
    void anImageOfAnotherRegionDoesNotExistHere() {
        isRefused(
                as(account)
                        .queryParam("region", "eu-west-1")
                        .body(launchOf("t2.micro"))
                        .post("/v1/instances")
                        .then(),
                400,
                "InvalidAMIID.NotFound",
                "imageId");
    }

    @Test
    void countsHaveToMakeSense() {
        isRefused(launch(account, launchOf("t2.micro", "minCount", 0)), 400, "InvalidParameterValue", "minCount");
        isRefused(
                launch(account, launchOf("t2.micro", "minCount", 3, "maxCount", 2)),
                400,
                "InvalidParameterValue",
                "maxCount");
    }

    @Test
    void aTypeRunsOnlyImagesOfItsArchitecture() {
        isRefused(
                launch(account, launchOf("t2.micro", "imageId", Stack.ARM_LINUX)),
                400,
                "InvalidParameterCombination",
                "instanceType");
    }

    @Test
    void aTypeWithoutAPriceInTheRegionIsNotOnOffer() {
        isRefused(
                as(account)
                        .queryParam("region", "ap-southeast-5")
                        .body(launchOf("t2.micro", "imageId", "ami-785db401"))
                        .post("/v1/instances")
                        .then(),
                400,
                "Unsupported",
                "instanceType");
    }

    @ParameterizedTest
    @ValueSource(strings = {"blockDeviceMappings", "capacityReservation", "volumes", "launchTemplate"})
    void whatIsNotBuiltYetIsRefusedByName(String field) {
        isRefused(launch(account, launchOf("t2.micro", field, List.of("x"))), 400, "UnsupportedOperation", field);
    }

    @Test
    void otherTenanciesAndPlacementGroupsAreNotBuiltYet() {
        isRefused(
                launch(account, launchOf("m4.large", "placement", Map.of("tenancy", "dedicated"))),
                400,
                "UnsupportedOperation",
                "placement.tenancy");
        isRefused(
                launch(account, launchOf("m4.large", "placement", Map.of("groupName", "g"))),
                400,
                "UnsupportedOperation",
                "placement.groupName");
    }

    @Test
    void userDataIsBase64OfAtMostSixteenKibibytes() {
        isRefused(
                launch(account, launchOf("t2.micro", "userData", "not base64!")),
                400,
                "InvalidUserData.Malformed",
                "userData");
        String most = Base64.getEncoder().encodeToString(new byte[16 * 1024]);
        launch(account, launchOf("t2.micro", "userData", most)).statusCode(201);
        String more = Base64.getEncoder().encodeToString(new byte[16 * 1024 + 1]);
        isRefused(launch(account, launchOf("t2.micro", "userData", more)), 400, "InvalidParameterValue", "userData");
    }

    @Test
    void aFullSubnetSaysSo() {
        // One subnet holds 4,091; its zone's hosts hold as many.
        Stack.operator()
                .body(Map.of(
                        "availabilityZone",
                        "us-east-1e",
                        "family",
                        "t2",
                        "count",
                        10,
                        "vcpus",
                        500,
                        "memoryMib",
                        4_000_000))
                .post("/v1/hosts")
                .then()
                .statusCode(201);
        Map<String, Object> body = launchOf("t2.micro", "minCount", 1000, "maxCount", 1000);
        body.put("subnetId", DefaultNetwork.subnetId(new AccountId(account), new AvailabilityZone("us-east-1e")));
        for (int i = 0; i < 4; i++) {
            launch(account, body).statusCode(201).body("instances", hasSize(1000));
        }
        isRefused(launch(account, body), 503, "InsufficientFreeAddressesInSubnet");
        body.put("minCount", 1);
        launch(account, body).statusCode(201).body("instances", hasSize(91));
        as(account).get("/v1/subnets/{id}", body.get("subnetId")).then().body("availableIpAddressCount", equalTo(0));
    }

    @Test
    void anUnknownOrForeignGroupFailsTheLaunch() {
        FirewallFake.groups.clear();
        String unknown = ResourceKind.SECURITY_GROUP.newId();
        isRefused(
                launch(account, launchOf("t2.micro", "securityGroupIds", List.of(unknown))),
                404,
                "InvalidGroup.NotFound",
                "securityGroupIds");

        String foreign = told(Stack.newAccount());
        isRefused(
                launch(account, launchOf("t2.micro", "securityGroupIds", List.of(foreign))),
                404,
                "InvalidGroup.NotFound",
                "securityGroupIds");
    }

    @Test
    void anInstanceHasFiveGroupsAtMost() {
        List<String> six =
                Stream.generate(ResourceKind.SECURITY_GROUP::newId).limit(6).toList();
        isRefused(
                launch(account, launchOf("t2.micro", "securityGroupIds", six)),
                409,
                "SecurityGroupsPerInstanceLimitExceeded",
                "securityGroupIds");
    }

    @Test
    void aGroupTheFirewallToldOfIsTakenAndOneThatIsStillOnItsWayIsAskedFor() {
        FirewallFake.groups.clear();
        String own = told(account);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> launch(account, launchOf("t2.micro", "securityGroupIds", List.of(own)))
                        .statusCode(201)
                        .body("instances[0].securityGroupIds", equalTo(List.of(own))));

        String onItsWay = ResourceKind.SECURITY_GROUP.newId();
        FirewallFake.groups.put(onItsWay, account);
        launch(account, launchOf("t2.micro", "securityGroupIds", List.of(onItsWay)))
                .statusCode(201);
    }

    @Test
    void tagsAreBounded() {
        isRefused(
                launch(account, launchOf("t2.micro", "tags", Map.of("aws:x", "y"))),
                400,
                "InvalidParameterValue",
                "tags");
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 51; i++) {
            many.put("k" + i, "v");
        }
        isRefused(launch(account, launchOf("t2.micro", "tags", many)), 400, "TagLimitExceeded", "tags");
    }

    private String told(String owner) {
        String id = ResourceKind.SECURITY_GROUP.newId();
        stack.tell(
                EventType.SECURITY_GROUP_CREATED,
                id,
                owner,
                1,
                new SecurityGroupSnapshot(
                        id,
                        owner,
                        "us-east-1",
                        DefaultNetwork.vpcId(new AccountId(owner), Region.DEFAULT),
                        "web",
                        "web",
                        1,
                        stack.now(),
                        List.of(),
                        List.of(),
                        Map.of()));
        return id;
    }
}
