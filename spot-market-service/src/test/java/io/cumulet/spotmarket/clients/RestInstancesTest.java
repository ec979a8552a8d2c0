package io.cumulet.spotmarket.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.api.AuthConfig;
import io.cumulet.plumbing.api.AuthMode;
import io.cumulet.plumbing.calls.ServiceCalls;
import io.cumulet.spotmarket.app.InstanceService.Launch;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each answer of the instance service means, on a server that gives it. */
class RestInstancesTest {

    private static final AccountId ACCOUNT = new AccountId("123456789012");
    private static final Launch LAUNCH =
            new Launch("ami-1", "m4.large", "us-east-1a", "subnet-1", "mine", List.of("sg-1"), "YQ==");

    private HttpServer server;
    private volatile int status;
    private volatile String body = "";
    private volatile String asked = "";

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    void aLaunchIsTriedAsTheAccountAndNeverDone() throws IOException {
        status = 412;
        body = "{\"code\": \"DryRunOperation\", \"field\": \"dryRun\"}";
        assertThat(tried()).isEqualTo(Outcome.done(LAUNCH));
        assertThat(asked).startsWith("POST /v1/instances?region=us-east-1 Bearer 123456789012 ");
        assertThat(new ObjectMapper().readTree(asked.substring(asked.indexOf('{'))))
                .isEqualTo(new ObjectMapper().readTree("""
                        {"dryRun": true, "imageId": "ami-1", "instanceType": "m4.large", "subnetId": "subnet-1",
                         "keyName": "mine", "securityGroupIds": ["sg-1"], "userData": "YQ==",
                         "placement": {"availabilityZone": "us-east-1a"}}"""));
    }

    @Test
    void itsRefusalIsPassedOnWithTheFieldAsARequestHasIt() {
        status = 400;
        body = """
                {"code": "InvalidAvailabilityZone", "field": "placement.availabilityZone", "detail": "no zone"}""";
        assertThat(tried())
                .isEqualTo(Outcome.refused(ErrorCode.INVALID_AVAILABILITY_ZONE, "availabilityZone", "no zone"));
        body = "{\"code\": \"InvalidParameter\", \"detail\": \"different networks\"}";
        assertThat(tried()).isEqualTo(Outcome.refused(Refusal.of(ErrorCode.INVALID_PARAMETER, "different networks")));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 401, 403, 408, 429, 500, 503})
    void whatSaysNothingOfTheLaunchIsUnavailable(int answer) {
        status = answer;
        body = "{\"code\": \"InternalError\"}";
        assertThat(codeOf(tried())).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void whoCannotBeReachedIsUnavailable() {
        RestInstances client = client();
        server.stop(0);
        assertThat(codeOf(client.tried(ACCOUNT, Region.DEFAULT, LAUNCH))).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void aSubnetSaysItsZone() {
        status = 200;
        body = "{\"availabilityZone\": \"us-east-1b\"}";
        assertThat(client().zoneOfSubnet(ACCOUNT, Region.DEFAULT, "subnet-1"))
                .isEqualTo(Outcome.done(new AvailabilityZone("us-east-1b")));
        assertThat(asked).startsWith("GET /v1/subnets/subnet-1?region=us-east-1 Bearer 123456789012");
        status = 404;
        body = "{\"code\": \"InvalidSubnetID.NotFound\", \"field\": \"subnetId\", \"detail\": \"none\"}";
        assertThat(codeOf(client().zoneOfSubnet(ACCOUNT, Region.DEFAULT, "subnet-1")))
                .isEqualTo(ErrorCode.SUBNET_NOT_FOUND);
    }

    private static ErrorCode codeOf(Outcome<?> outcome) {
        return outcome instanceof Outcome.Refused<?>(Refusal refusal) ? refusal.code() : null;
    }

    private Outcome<Launch> tried() {
        return client().tried(ACCOUNT, Region.DEFAULT, LAUNCH);
    }

    private RestInstances client() {
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new RestInstances(base, localCalls(), new ObjectMapper());
    }

    /** Calls as in local mode: no issuer is asked, and no certificate is looked at. */
    private static ServiceCalls localCalls() {
        AuthConfig config = new SmallRyeConfigBuilder()
                .withMapping(AuthConfig.class)
                .build()
                .getConfigMapping(AuthConfig.class);
        return new ServiceCalls(new AuthMode(config, "127.0.0.1"), null, new NoCertificates(), null);
    }

    private static final class NoCertificates implements TlsConfigurationRegistry {

        @Override
        public Optional<TlsConfiguration> get(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<TlsConfiguration> getDefault() {
            return Optional.empty();
        }

        @Override
        public void register(String name, TlsConfiguration configuration) {}
    }
}
