package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.isRefused;
import static io.cumulet.instances.Stack.launch;
import static io.cumulet.instances.Stack.launchOf;
import static io.cumulet.instances.Stack.operator;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;

import io.cumulet.embedded.StackResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class ListTest {

    private final String account = Stack.newAccount();

    @Test
    void pagesKeepTheirSizeAndTogetherHoldEachInstanceOnce() {
        launch(account, launchOf("t2.nano", "minCount", 7, "maxCount", 7)).statusCode(201);
        List<String> seen = new ArrayList<>();
        String token = null;
        do {
            var request = as(account).queryParam("maxResults", 3);
            if (token != null) {
                request.queryParam("nextToken", token);
            }
            var page = request.get("/v1/instances").then().statusCode(200).extract();
            List<String> ids = page.path("instances.instanceId");
            assertThat(ids).hasSizeLessThanOrEqualTo(3);
            seen.addAll(ids);
            token = page.path("nextToken");
        } while (token != null);
        assertThat(seen).hasSize(7).doesNotHaveDuplicates();
    }

    @Test
    void filtersFindWhatTheyNameAndNothingElse() {
        launch(account, launchOf("t2.nano", "tags", Map.of("role", "web", "stage", "test")))
                .statusCode(201);
        as(account).body(Map.of("keyName", "mine")).post("/v1/key-pairs").then().statusCode(201);
        launch(account, launchOf("t2.micro", "tags", Map.of("role", "db"), "keyName", "mine"))
                .statusCode(201);
        as(account).queryParam("tag:role", "web").get("/v1/instances").then().body("instances", hasSize(1));
        as(account)
                .queryParam("tag:role", "web", "db")
                .get("/v1/instances")
                .then()
                .body("instances", hasSize(2));
        as(account).queryParam("tag:role", "we").get("/v1/instances").then().body("instances", hasSize(0));
        as(account).queryParam("tagKey", "stage").get("/v1/instances").then().body("instances", hasSize(1));
        as(account)
                .queryParam("instanceType", "t2.micro")
                .queryParam("keyName", "mine")
                .get("/v1/instances")
                .then()
                .body("instances", hasSize(1))
                .body("instances.instanceType", everyItem(equalTo("t2.micro")));
        as(account).queryParam("market", "spot").get("/v1/instances").then().body("instances", hasSize(0));
    }

    @Test
    void whatIsNoFilterOrCannotBeIsRefused() {
        isRefused(
                as(account).queryParam("colour", "red").get("/v1/instances").then(), 400, "UnknownParameter", "colour");
        isRefused(
                as(account).queryParam("state", "runing").get("/v1/instances").then(),
                400,
                "InvalidParameterValue",
                "state");
        isRefused(
                as(account).queryParam("maxResults", "0").get("/v1/instances").then(),
                400,
                "InvalidParameterValue",
                "maxResults");
        isRefused(
                as(account).queryParam("nextToken", "?").get("/v1/instances").then(),
                400,
                "InvalidNextToken",
                "nextToken");
        isRefused(
                as(account)
                        .queryParam("region", "us-moon-1")
                        .get("/v1/instances")
                        .then(),
                400,
                "InvalidParameterValue",
                "region");
        Map<String, String> codes = Map.of(
                "instanceType=t2.tiny", "InvalidInstanceType",
                "imageId=ami-0", "InvalidAMIID.NotFound",
                "availabilityZone=eu-west-1a", "InvalidAvailabilityZone",
                "os=beos", "InvalidParameterValue",
                "maxResults=2&maxResults=3", "InvalidParameterValue",
                "nextToken=", "InvalidParameterValue");
        codes.forEach((query, code) -> isRefused(
                as(account).get("/v1/instances?" + query).then(), 400, code, query.substring(0, query.indexOf('='))));
        isRefused(
                as(account).get("/v1/subnets?availabilityZone=zz").then(),
                400,
                "InvalidAvailabilityZone",
                "availabilityZone");
        isRefused(as(account).get("/v1/instance-types?family=zz").then(), 400, "InvalidParameterValue", "family");
    }

    @Test
    void aBodyThatACallDoesNotReadIsRefused() {
        isRefused(
                as(account)
                        .body(Map.of("force", true))
                        .post("/v1/instances/i-0123456789abcdef0/stop")
                        .then(),
                400,
                "MalformedRequest",
                "body");
    }

    @Test
    void theCatalogTellsWhatThereIs() {
        as(account)
                .get("/v1/instance-types/m4.large")
                .then()
                .statusCode(200)
                .body("vcpus", equalTo(2))
                .body("memoryMib", equalTo(8192))
                .body("systemsOnOffer", hasItem("linux"));
        as(account).queryParam("family", "t2").get("/v1/instance-types").then().body("instanceTypes", hasSize(7));
        as(account)
                .queryParam("maxResults", 1000)
                .get("/v1/instance-types")
                .then()
                .body("instanceTypes", hasSize(1000));
        as(account)
                .queryParam("os", "windows")
                .get("/v1/images")
                .then()
                .body("images.os", everyItem(equalTo("windows")));
        as(account).get("/v1/regions").then().body("regions.region", hasItem("eu-west-1"));
        as(account)
                .queryParam("region", "eu-west-1")
                .get("/v1/availability-zones")
                .then()
                .body("availabilityZones.availabilityZone", equalTo(List.of("eu-west-1a", "eu-west-1b", "eu-west-1c")))
                .body("availabilityZones[0].zoneId", equalTo("euw1-az3"));
        as(account)
                .get("/v1/subnets")
                .then()
                .body("subnets", hasSize(6))
                .body(
                        "subnets.availabilityZone",
                        containsInAnyOrder(
                                "us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d", "us-east-1e", "us-east-1f"));
        as(account)
                .get("/v1/subnets?availabilityZone=us-east-1b")
                .then()
                .body("subnets", hasSize(1))
                .body("subnets[0].cidrBlock", equalTo("172.31.16.0/20"))
                .body("subnets[0].availableIpAddressCount", equalTo(4091))
                .body("subnets[0].defaultForAz", equalTo(true))
                .body("subnets[0].state", equalTo("available"))
                .body("subnets[0].assignIpv6AddressOnCreation", equalTo(false));
    }

    @Test
    void hostsAreTheOperatorsBusiness() {
        isRefused(as(account).get("/v1/hosts").then(), 403, "UnauthorizedOperation");
        isRefused(as(account).body(Map.of()).post("/v1/hosts").then(), 403, "UnauthorizedOperation");
        operator()
                .queryParam("availabilityZone", "us-east-1a")
                .queryParam("family", "m4")
                .get("/v1/hosts")
                .then()
                .statusCode(200)
                .body("hosts", hasSize(2))
                .body("hosts[0].capacity.vcpus", equalTo(64));
        Map<String, Object> host = Map.of("availabilityZone", "us-east-1d", "family", "p3", "clientToken", "h");
        String id = operator()
                .body(host)
                .post("/v1/hosts")
                .then()
                .statusCode(201)
                .extract()
                .path("hosts[0].hostId");
        operator().body(host).post("/v1/hosts").then().statusCode(201).body("hosts[0].hostId", equalTo(id));
        isRefused(
                operator().get("/v1/hosts/{id}?region=eu-west-1", id).then(), 404, "InvalidHostID.NotFound", "hostId");
        isRefused(
                operator().delete("/v1/hosts/{id}?region=eu-west-1", id).then(),
                404,
                "InvalidHostID.NotFound",
                "hostId");
        isRefused(
                operator().body(host).post("/v1/hosts?region=eu-west-1").then(),
                400,
                "InvalidAvailabilityZone",
                "availabilityZone");
        isRefused(
                operator()
                        .body(Map.of("availabilityZone", "us-east-1d", "family", "p3", "gpus", -1))
                        .post("/v1/hosts")
                        .then(),
                400,
                "InvalidParameterValue",
                "gpus");
        isRefused(
                operator()
                        .body(Map.of("availabilityZone", "us-east-1d", "family", "p3", "clientToken", ""))
                        .post("/v1/hosts")
                        .then(),
                400,
                "InvalidParameterValue",
                "clientToken");
        isRefused(
                operator()
                        .body(Map.of("availabilityZone", "us-east-1d", "family", "nope"))
                        .post("/v1/hosts")
                        .then(),
                400,
                "InvalidParameterValue",
                "family");
    }

    @Test
    void theApiDescribesItself() {
        as(account)
                .get("/q/openapi")
                .then()
                .statusCode(200)
                .body(containsString("/v1/instances/{id}/start"), containsString("/v1/hosts"));
    }
}
