package io.cumulet.instances;

import static io.cumulet.instances.Stack.as;
import static io.cumulet.instances.Stack.isRefused;
import static io.cumulet.instances.Stack.launch;
import static io.cumulet.instances.Stack.launchOf;
import static org.hamcrest.Matchers.hasSize;

import io.cumulet.embedded.StackResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A launch that is only tried: the spot market asks this way what would be refused, before a request waits for room. */
@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class DryRunTest {

    private final String account = Stack.newAccount();

    @Test
    void whatWouldBeLaunchedIsSaidAndNotDone() {
        isRefused(launch(account, launchOf("t2.micro", "dryRun", true)), 412, "DryRunOperation", "dryRun");
        as(account).get("/v1/instances").then().statusCode(200).body("instances", hasSize(0));
        launch(account, launchOf("t2.micro", "dryRun", false)).statusCode(201);
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
