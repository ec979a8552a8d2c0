package io.cumulet.plumbing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cumulet.plumbing.api.AuthConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7"})
    void withoutCredentialsAnAddressThatOthersReachIsRefused(String host) {
        assertThatThrownBy(() -> Startup.checkOnlyLoopbackGetsInWithoutCredentials(auth(Map.of()), host))
                .hasMessageContaining("quarkus.http.host is " + host)
                .hasMessageContaining("cumulet.auth.local-behind-loopback-ports=true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "localhost"})
    void loopbackNeedsNoCredentials(String host) {
        assertThatCode(() -> Startup.checkOnlyLoopbackGetsInWithoutCredentials(auth(Map.of()), host))
                .doesNotThrowAnyException();
    }

    @Test
    void aContainerBehindALoopbackPortMayListenOnAnyAddressOnceThatIsSaid() {
        AuthConfig said = auth(Map.of("cumulet.auth.local-behind-loopback-ports", "true"));
        assertThatCode(() -> Startup.checkOnlyLoopbackGetsInWithoutCredentials(said, "0.0.0.0"))
                .doesNotThrowAnyException();
    }

    private static AuthConfig auth(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withMapping(AuthConfig.class)
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(AuthConfig.class);
    }
}
