package io.cumulet.instances.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.cumulet.instances.app.Copies;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ErrorCode;
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
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each answer of the firewall means, on a server that gives it. */
class RestFirewallTest {

    private static final AccountId ACCOUNT = new AccountId("123456789012");

    private static final String GROUP = "sg-00000000000000001";

    private HttpServer server;
    private volatile int status;
    private volatile String body = "";
    private volatile String asked = "";

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked = exchange.getRequestURI().toString();
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
    void aGroupThatIsThereIsThere() {
        status = 200;
        body = "{\"groupId\":\"" + GROUP + "\",\"vpcId\":\"vpc-00000000000000001\",\"version\":7,\"rules\":[]}";
        assertThat(asked())
                .contains(new Copies.GroupCopy(GROUP, ACCOUNT, Region.DEFAULT, "vpc-00000000000000001", 7, false));
        assertThat(asked).isEqualTo("/v1/security-groups/" + GROUP + "?region=us-east-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"not JSON", "{}", "{\"vpcId\":\"vpc-1\"}", "{\"vpcId\":\"vpc-1\",\"version\":\"7\"}"})
    void anAnswerThatCannotBeUnderstoodIsAskedAgainLater(String answer) {
        status = 200;
        body = answer;
        assertThatThrownBy(this::asked)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.refusal().code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void ofTheGroupsOfAVpcTheDefaultOneDoesNotCount() {
        String vpc = "vpc-00000000000000001";
        String byDefault = DefaultNetwork.securityGroupId(ACCOUNT, Region.DEFAULT, vpc);
        status = 200;
        body = "{\"securityGroups\":[{\"groupId\":\"" + byDefault + "\"}]}";
        assertThat(firewall().ownGroupIn(vpc, ACCOUNT, Region.DEFAULT)).isEmpty();
        assertThat(asked).isEqualTo("/v1/security-groups?region=us-east-1&vpcId=" + vpc + "&maxResults=2");
        body = "{\"securityGroups\":[{\"groupId\":\"" + byDefault + "\"},{\"groupId\":\"" + GROUP + "\"}]}";
        assertThat(firewall().ownGroupIn(vpc, ACCOUNT, Region.DEFAULT)).contains(GROUP);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400, 404, 422, 503})
    void onlyAListSaysThatAVpcHasNoGroups(int answer) {
        status = answer;
        body = "{}";
        assertThatThrownBy(() -> firewall().ownGroupIn("vpc-00000000000000001", ACCOUNT, Region.DEFAULT))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.refusal().code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 405, 414, 422})
    void whatTheFirewallWouldSayAgainAndAgainMeansThereIsNoSuchGroup(int answer) {
        status = answer;
        assertThat(asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 408, 429, 500, 502, 503})
    void whatPassesIsAskedAgainLater(int answer) {
        status = answer;
        assertThatThrownBy(this::asked)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.refusal().code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void soIsAFirewallThatIsNotThere() {
        server.stop(0);
        assertThatThrownBy(this::asked)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.refusal().code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    private Optional<Copies.GroupCopy> asked() {
        return firewall().group(GROUP, ACCOUNT, Region.DEFAULT);
    }

    private RestFirewall firewall() {
        return new RestFirewall(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), localCalls());
    }

    /** Calls as in local mode: no issuer is asked, and no certificate is looked at. */
    static ServiceCalls localCalls() {
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
