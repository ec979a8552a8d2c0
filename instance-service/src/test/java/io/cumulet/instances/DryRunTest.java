package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.isRefused;
import static io.cumulet.instances.Stack.launch;
import static io.cumulet.instances.Stack.launchOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.hasSize;

import io.cumulet.contract.EventType;
import io.cumulet.contract.SpotPriceSnapshot;
import io.cumulet.embedded.StackResource;
import io.cumulet.instances.app.NetworkStore;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.Region;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A launch that is only tried: the spot market asks this way what would be refused, before a request waits for room. */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class DryRunTest {

    @Inject
    Stack stack;

    @Inject
    NetworkStore networks;

    private final String account = Stack.newAccount();

    @Test
    void whatWouldBeLaunchedIsSaidAndNotDone() {
        isRefused(launch(account, launchOf("t2.micro", "dryRun", true)), 412, "DryRunOperation", "dryRun");
        as(account).get("/v1/instances").then().statusCode(200).body("instances", hasSize(0));
        launch(account, launchOf("t2.micro", "dryRun", false)).statusCode(201);
    }

    @Test
    void aTryMakesNoDefaultVpcThatItNamesNothingOf() {
        AccountId never = new AccountId(account);
        Region region = new Region("us-east-1");
        isRefused(launch(account, launchOf("t2.micro", "dryRun", true)), 412, "DryRunOperation", "dryRun");
        assertThat(networks.hadDefault(never, region)).isFalse();
        launch(account, launchOf("t2.micro")).statusCode(201);
        assertThat(networks.hadDefault(never, region)).isTrue();
    }

    @Test
    void whatOnlyTheZoneKnowsIsSaidToo() {
        // No host there runs it: whether there is room isn't asked.
        String zone = "us-east-1c";
        String pool = zone + "/r5a.large/linux";
        stack.tell(
                EventType.SPOT_PRICE_CHANGED,
                pool,
                "000000000000",
                1,
                new SpotPriceSnapshot(zone, "r5a.large", "linux", 1, "0.0500", stack.now()));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> isRefused(
                        tried("r5a.large", zone, "market", Map.of("type", "spot", "maxPrice", "0.0499")),
                        400,
                        "SpotMaxPriceTooLow",
                        "market.maxPrice"));
        tried("r5a.large", zone, "market", Map.of("type", "spot", "maxPrice", "0.05"))
                .statusCode(412);

        isRefused(
                tried("t2.micro", zone, "privateIpAddress", "10.1.2.3"),
                400,
                "InvalidParameterValue",
                "privateIpAddress");
        isRefused(tried("t2.micro", zone, "ipv6AddressCount", 1), 400, "InvalidParameterValue", "ipv6AddressCount");
        String used = as(account)
                .body(Map.of("subnetId", DefaultNetwork.subnetId(new AccountId(account), new AvailabilityZone(zone))))
                .post("/v1/network-interfaces")
                .then()
                .statusCode(201)
                .extract()
                .path("privateIpAddress");
        isRefused(tried("t2.micro", zone, "privateIpAddress", used), 409, "InvalidIPAddress.InUse", "privateIpAddress");
    }

    @Test
    void thatASubnetIsFullIsSaidToo() {
        String vpc = as(account)
                .body(Map.of("cidrBlock", "10.0.0.0/16"))
                .post("/v1/vpcs")
                .then()
                .statusCode(201)
                .extract()
                .path("vpcId");
        String subnet = as(account)
                .body(Map.of("vpcId", vpc, "cidrBlock", "10.0.0.0/28", "availabilityZone", "us-east-1c"))
                .post("/v1/subnets")
                .then()
                .statusCode(201)
                .extract()
                .path("subnetId");
        Map<String, Object> eleven =
                launchOf("t2.micro", "dryRun", true, "subnetId", subnet, "minCount", 11, "maxCount", 12);
        launch(account, eleven).statusCode(412);
        Map<String, Object> twelve =
                launchOf("t2.micro", "dryRun", true, "subnetId", subnet, "minCount", 12, "maxCount", 12);
        isRefused(launch(account, twelve), 503, "InsufficientFreeAddressesInSubnet");
    }

    private ValidatableResponse tried(String type, String zone, String field, Object value) {
        return launch(
                account, launchOf(type, "dryRun", true, "placement", Map.of("availabilityZone", zone), field, value));
    }

    @Test
    void whatWouldBeRefusedIsRefusedInTheSameWords() {
        isRefused(
                launch(account, launchOf("t2.micro", "dryRun", true, "userData", "not base64!")),
                400,
                "InvalidUserData.Malformed",
                "userData");
        isRefused(
                launch(account, launchOf("t2.micro", "dryRun", true, "subnetId", "subnet-0dead0dead0dead00")),
                404,
                "InvalidSubnetID.NotFound",
                "subnetId");
        isRefused(
                launch(
                        account,
                        launchOf("t2.micro", "dryRun", true, "securityGroupIds", List.of("sg-0dead0dead0dead00"))),
                404,
                "InvalidGroup.NotFound",
                "securityGroupIds");
    }
}
