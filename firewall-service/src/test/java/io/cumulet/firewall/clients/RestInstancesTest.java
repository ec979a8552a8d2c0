package io.cumulet.firewall.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.cumulet.firewall.app.InstanceService.Retirement;
import io.cumulet.firewall.app.MemberStore;
import io.cumulet.firewall.app.MemberStore.Told;
import io.cumulet.firewall.app.Vpc;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.RefusedException;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.api.AuthConfig;
import io.cumulet.plumbing.api.AuthMode;
import io.cumulet.plumbing.calls.ServiceCalls;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each answer of the instance service means, on a server that gives it. */
class RestInstancesTest {

    private static final AccountId ACCOUNT = new AccountId("123456789012");
    private static final String VPC = "vpc-00000000000000001";

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
    void aVpcThatIsThereIsTold() {
        status = 200;
        body = "{\"vpcId\": \"" + VPC + "\", \"version\": 7, \"ipv6CidrBlock\": \"fd00::/56\"}";
        assertThat(vpc()).contains(new Vpc(VPC, ACCOUNT, Region.DEFAULT, 7, true, false));
        assertThat(asked).startsWith("GET /v1/vpcs/" + VPC + "?region=us-east-1 Bearer 123456789012");
        body = "{\"vpcId\": \"" + VPC + "\", \"version\": 7}";
        assertThat(vpc()).contains(new Vpc(VPC, ACCOUNT, Region.DEFAULT, 7, false, false));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 405, 414, 422})
    void whatWouldBeSaidAgainAndAgainMeansThereIsNoSuchVpc(int answer) {
        status = answer;
        assertThat(vpc()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 408, 429, 500, 502, 503})
    void whatPassesIsUnavailable(int answer) {
        status = answer;
        assertThatThrownBy(this::vpc)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.refusal().code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void anInstanceIsToldWithItsInterfacesButNotItsHost() {
        status = 200;
        body = """
                {"instanceId": "i-1", "state": "pending", "version": 3, "networkInterfaces": [
                  {"networkInterfaceId": "eni-1", "vpcId": "%s", "privateIpAddress": "10.0.0.4",
                   "privateIpAddresses": [{"privateIpAddress": "10.0.0.4", "primary": true, "publicIpAddress": "198.51.100.7"},
                                          {"privateIpAddress": "10.0.0.5", "primary": false}],
                   "ipv6Addresses": ["fd00::4"], "securityGroupIds": ["sg-1", "sg-2"]}]}""".formatted(VPC);
        assertThat(client().instance(ACCOUNT, Region.DEFAULT, "i-1"))
                .contains(new Told(
                        "i-1",
                        ACCOUNT,
                        Region.DEFAULT,
                        MemberStore.ASKED,
                        List.of(new Member(
                                "eni-1",
                                "i-1",
                                ACCOUNT,
                                Region.DEFAULT,
                                VPC,
                                null,
                                addresses("10.0.0.4", "10.0.0.5", "fd00::4"),
                                List.of("sg-1", "sg-2"),
                                "pending",
                                addresses("198.51.100.7")))));
        assertThat(asked).startsWith("GET /v1/instances/i-1?region=us-east-1 Bearer 123456789012");
        body = "{\"instanceId\": \"i-1\", \"state\": \"terminated\", \"networkInterfaces\": []}";
        assertThat(client().instance(ACCOUNT, Region.DEFAULT, "i-1")).isEmpty();
        status = 404;
        assertThat(client().instance(ACCOUNT, Region.DEFAULT, "i-1")).isEmpty();
    }

    private static List<IpAddress> addresses(String... texts) {
        return Stream.of(texts).map(text -> IpAddress.parse(text).orElseThrow()).toList();
    }

    @Test
    void aGroupIsRetiredOrInUse() {
        status = 204;
        assertThat(retired()).isEqualTo(new Retirement.Done());
        assertThat(asked)
                .startsWith("PUT /v1/retired-security-groups/sg-1?region=us-east-1 Bearer 123456789012")
                .contains("\"vpcId\":\"" + VPC + "\"")
                .contains("\"version\":3");
        status = 409;
        body = "{\"code\": \"DependencyViolation\", \"detail\": \"eni-1 has it\"}";
        assertThat(retired()).isEqualTo(new Retirement.InUse("eni-1 has it"));
        body = "{\"code\": \"DependencyViolation\", \"field\": \"version\", \"detail\": \"has changed\"}";
        assertThat(retired()).isEqualTo(new Retirement.Changed());
        body = "{";
        assertThat(retired()).isEqualTo(new Retirement.InUse("The security group 'sg-1' is in use"));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 401, 404, 500, 503})
    void anyOtherAnswerMayComeAfterTheRetirement(int answer) {
        status = answer;
        assertThat(retired())
                .isInstanceOfSatisfying(
                        Retirement.Away.class,
                        away -> assertThat(away.perhapsDone()).isTrue());
    }

    @Test
    void whereNobodyListensNothingWasRetired() {
        server.stop(0);
        assertThat(retired())
                .isInstanceOfSatisfying(
                        Retirement.Away.class,
                        away -> assertThat(away.perhapsDone()).isFalse());
    }

    private Optional<Vpc> vpc() {
        return client().vpc(ACCOUNT, Region.DEFAULT, VPC);
    }

    private Retirement retired() {
        return client().retire(ACCOUNT, Region.DEFAULT, VPC, "sg-1", 3);
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
        public void register(String name, TlsConfiguration configuration) {
            throw new AssertionError("Nobody registers " + name);
        }
    }
}
