package io.cumulet.e2e.aws;

import static io.cumulet.e2e.aws.AwsClients.codeOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.e2e.RunningStack;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Vpc;

/** Test suites begin anew between two tests: one account, or all of it. */
@ExtendWith(RunningStack.class)
class ResetIT {

    private static final String IMAGE = "ami-04681a1dbd79675a5";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void oneAccountIsResetWhileAnotherLaunches(LocalStack stack) throws Exception {
        AwsClients account = AwsClients.ofNewAccount(stack);
        AwsClients neighbour = AwsClients.ofNewAccount(stack);
        String instance = launch(account.rest());
        String others = launch(neighbour.rest());
        awaitRunning(account.rest(), instance);
        await().atMost(PATIENCE).until(() -> lines(account.rest()).size() == 1);
        try (Ec2Client ec2 = account.ec2()) {
            Vpc made = ec2.createVpc(wish -> wish.cidrBlock("10.0.0.0/16")).vpc();
            AtomicBoolean goesOn = new AtomicBoolean(true);
            CompletableFuture<Integer> launches = CompletableFuture.supplyAsync(() -> {
                int count = 0;
                while (goesOn.get()) {
                    neighbour.rest().delete(Service.INSTANCES, "/v1/instances/" + launch(neighbour.rest()));
                    count++;
                }
                return count;
            });
            for (int i = 0; i < 5; i++) {
                long began = System.nanoTime();
                assertThat(reset(stack, "?account=" + account.accountId())).isEqualTo(204);
                System.out.printf("reset of one account: %d ms%n", (System.nanoTime() - began) / 1_000_000);
                if (i == 0) {
                    assertThat(ec2.describeVpcs().vpcs())
                            .singleElement()
                            .satisfies(vpc -> assertThat(vpc.isDefault()).isTrue());
                    assertThat(codeOf(() -> ec2.describeVpcs(all -> all.vpcIds(made.vpcId()))))
                            .isEqualTo("InvalidVpcID.NotFound");
                }
                assertThat(instances(account.rest())).isEmpty();
                assertThat(lines(account.rest())).isEmpty();
                launch(account.rest());
            }
            goesOn.set(false);
            assertThat(launches.get()).isPositive();
        }
        assertThat(reset(stack, "?account=" + account.accountId())).isEqualTo(204);
        // What was still on its way to billing has arrived by now.
        assertThat(account.operator().freezeClock()).isNotNull();
        account.operator().runClock();
        assertThat(lines(account.rest())).isEmpty();
        assertThat(neighbour
                        .rest()
                        .get(Service.INSTANCES, "/v1/instances/" + others)
                        .path("state")
                        .asText())
                .isEqualTo("running");
        assertThat(lines(neighbour.rest())).isNotEmpty();
        assertThat(reset(stack, "?account=12")).isEqualTo(400);
    }

    @Test
    void allOfItIsResetAndGoesOnAtOnce(LocalStack stack) throws Exception {
        AwsClients account = AwsClients.ofNewAccount(stack);
        try (Ec2Client ec2 = account.ec2()) {
            for (int i = 0; i < 5; i++) {
                ec2.createVpc(wish -> wish.cidrBlock("10.0.0.0/16"));
                launch(account.rest());
                long began = System.nanoTime();
                assertThat(reset(stack, "")).isEqualTo(204);
                System.out.printf("reset of all: %d ms%n", (System.nanoTime() - began) / 1_000_000);
                assertThat(ec2.describeVpcs().vpcs())
                        .singleElement()
                        .satisfies(vpc -> assertThat(vpc.isDefault()).isTrue());
                assertThat(instances(account.rest())).isEmpty();
                assertThat(lines(account.rest())).isEmpty();
            }
        }
        awaitRunning(account.rest(), launch(account.rest()));
    }

    private static int reset(LocalStack stack, String query) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(stack.settings()
                                            .url(Service.ENDPOINT)
                                            .resolve("/_cumulet/reset" + query))
                                    .POST(BodyPublishers.noBody())
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private static String launch(StackApi api) {
        return api.post(
                        Service.INSTANCES,
                        "/v1/instances",
                        Map.of("imageId", IMAGE, "instanceType", "t2.micro", "disableApiTermination", false))
                .path("instances")
                .path(0)
                .path("instanceId")
                .asText();
    }

    private static void awaitRunning(StackApi api, String instance) {
        await().atMost(PATIENCE)
                .until(() -> api.get(Service.INSTANCES, "/v1/instances/" + instance)
                        .path("state")
                        .asText()
                        .equals("running"));
    }

    private static List<JsonNode> instances(StackApi api) {
        return list(api.get(Service.INSTANCES, "/v1/instances").path("instances"));
    }

    private static List<JsonNode> lines(StackApi api) {
        YearMonth month = YearMonth.from(api.clock().now().atOffset(ZoneOffset.UTC));
        return list(api.get(Service.BILLING, "/v1/bills/" + month).path("lines"));
    }

    private static List<JsonNode> list(JsonNode array) {
        List<JsonNode> parts = new ArrayList<>();
        array.forEach(parts::add);
        return parts;
    }
}
