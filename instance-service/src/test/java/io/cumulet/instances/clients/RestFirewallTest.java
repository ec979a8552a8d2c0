package io.cumulet.instances.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.cumulet.kernel.AccountId;
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
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each answer of the firewall means, on a server that gives it. */
class RestFirewallTest {

    private static final AccountId ACCOUNT = new AccountId("123456789012");

    private HttpServer server;
    private volatile int status;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(status, -1);
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
        assertThat(asked()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 405, 414, 422})
    void whatTheFirewallWouldSayAgainAndAgainMeansThereIsNoSuchGroup(int answer) {
        status = answer;
        assertThat(asked()).isFalse();
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

    private boolean asked() {
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return new RestFirewall(base, localCalls()).hasGroup("sg-00000000000000001", ACCOUNT, Region.DEFAULT);
    }

    /** Calls as in local mode: no issuer is asked, and no certificate is looked at. */
    private static ServiceCalls localCalls() {
        AuthConfig config = new SmallRyeConfigBuilder()
                .withMapping(AuthConfig.class)
                .build()
                .getConfigMapping(AuthConfig.class);
        return new ServiceCalls(new AuthMode(config, "127.0.0.1"), null, new NoCertificates());
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
