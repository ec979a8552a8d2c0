package io.cumulet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.e2e.aws.AwsClients;
import io.cumulet.embedded.EmbeddedIssuer;
import io.cumulet.localstack.LocalStack;
import io.cumulet.localstack.Service;
import io.cumulet.localstack.StackApi;
import io.cumulet.localstack.StackApi.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;

/**
 * The whole suite where tokens are checked, as it is everywhere but on loopback: callers' and the services' own. Last, since
 * whoever came after would have to start the open stack again.
 */
@Order(Integer.MAX_VALUE)
@ExtendWith(RunningStack.class)
class TokensIT {

    private static final String ACCOUNT = "310987654321";

    private final EmbeddedIssuer issuer = new EmbeddedIssuer();
    private LocalStack guarded;
    private StackApi tenant;
    private StackApi operator;

    @BeforeEach
    void theSameStackTakesTokensOnly(LocalStack running) {
        running.down(System.out::println);
        guarded = new LocalStack(running.settings().withServiceSettings(issuer.serviceSettings()));
        guarded.up(System.out::println);
        tenant = StackApi.of(
                guarded.settings(), issuer.token("\"groups\":[\"user\"],\"cumulet_account\":\"" + ACCOUNT + "\""));
        operator = tenant.as(issuer.token("\"groups\":[\"operator\"]"));
        operator.reset();
    }

    @AfterEach
    void itIsDown() {
        guarded.down(System.out::println);
        issuer.close();
    }

    @Test
    void tenantsLaunchOperatorsMoveTheClockAndServicesCallEachOther() {
        // Both ask other services: the clock all of them, the launch into a group the firewall.
        operator.freezeClock();
        String group = tenant.post(Service.FIREWALL, "/v1/security-groups", Map.of("name", "web", "description", "web"))
                .path("groupId")
                .asText();
        tenant.post(
                Service.INSTANCES,
                "/v1/instances",
                Map.of(
                        "imageId",
                        World.IMAGE,
                        "instanceType",
                        "t2.micro",
                        "minCount",
                        1,
                        "maxCount",
                        1,
                        "securityGroupIds",
                        List.of(group)));
        operator.advanceClock(Duration.ofHours(2));
        assertThat(tenant.get(Service.BILLING, "/v1/usage").path("runs"))
                .singleElement()
                .satisfies(run -> assertThat(run.path("seconds").asLong()).isEqualTo(7200));

        anAwsClientNeedsAKeyThatExists();

        for (Map.Entry<Service, String> read : Map.of(
                        Service.INSTANCES, "/v1/instances",
                        Service.BILLING, "/v1/usage",
                        Service.FIREWALL, "/v1/security-groups",
                        Service.SPOT_MARKET, "/v1/spot-requests")
                .entrySet()) {
            for (String word : List.of("operator", ACCOUNT, aStrangers())) {
                assertRefused(tenant.as(word), read.getKey(), "GET", read.getValue(), "401 AuthFailure");
            }
            assertThat(tenant.call(read.getKey(), "GET", read.getValue(), null).isOk())
                    .isTrue();
        }
        assertRefused(tenant, Service.INSTANCES, "POST", "/v1/reset", "403 UnauthorizedOperation");
    }

    /** Made with the tenant's token; what it asks for reaches the services with the endpoint's own token. */
    private void anAwsClientNeedsAKeyThatExists() {
        AwsBasicCredentials key = AwsClients.newKey(tenant, Map.of());
        try (Ec2Client ec2 = AwsClients.client(guarded, Ec2Client.builder(), Region.US_EAST_1, key)) {
            assertThat(ec2.describeInstances().reservations())
                    .singleElement()
                    .satisfies(launch -> assertThat(launch.ownerId()).isEqualTo(ACCOUNT));
        }
        for (AwsBasicCredentials refused : List.of(
                AwsBasicCredentials.create(key.accessKeyId(), "wrong"), AwsBasicCredentials.create(ACCOUNT, "any"))) {
            try (Ec2Client ec2 = AwsClients.client(guarded, Ec2Client.builder(), Region.US_EAST_1, refused)) {
                assertThat(AwsClients.codeOf(ec2::describeInstances)).isEqualTo("AuthFailure");
            }
        }
    }

    private static String aStrangers() {
        return EmbeddedIssuer.signed(EmbeddedIssuer.newKey().getPrivate(), "first", "{\"groups\":[\"operator\"]}");
    }

    private static void assertRefused(StackApi caller, Service service, String method, String path, String expected) {
        Answer answer = caller.call(service, method, path, method.equals("POST") ? Map.of() : null);
        assertThat(answer.status() + " " + answer.body().path("code").asText())
                .as("%s %s of %s", method, path, service)
                .isEqualTo(expected);
    }
}
