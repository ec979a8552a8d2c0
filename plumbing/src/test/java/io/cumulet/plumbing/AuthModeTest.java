package io.cumulet.plumbing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.cumulet.plumbing.api.AuthConfig;
import io.cumulet.plumbing.api.AuthConfig.Mode;
import io.cumulet.plumbing.api.AuthMode;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AuthModeTest {

    private static final String ISSUER = "cumulet.auth.issuer";
    private static final String AUDIENCE = "cumulet.auth.audience";
    private static final String MODE = "cumulet.auth.mode";

    @Test
    void onLoopbackWithoutSettingsNobodyNeedsAToken() {
        for (String host : new String[] {"127.0.0.1", "localhost", "::1", "127.1.2.3"}) {
            AuthMode mode = mode(host, Map.of());
            assertThat(mode.mode()).isEqualTo(Mode.LOCAL);
            mode.check();
        }
    }

    @Test
    void onAnyOtherAddressTokensAreWanted() {
        AuthMode mode = mode("0.0.0.0", Map.of(ISSUER, "https://login.example.com", AUDIENCE, "cumulet"));
        assertThat(mode.mode()).isEqualTo(Mode.JWT);
        mode.check();
    }

    @Test
    void whoNamesAnIssuerWantsTokensOnLoopbackToo() {
        assertThat(mode("127.0.0.1", Map.of(ISSUER, "https://login.example.com"))
                        .mode())
                .isEqualTo(Mode.JWT);
    }

    @Test
    void theLocalModeRefusesToStartOnAnyOtherAddress() {
        for (String host : new String[] {"0.0.0.0", "::", "192.0.2.1"}) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> mode(host, Map.of(MODE, "local")).check())
                    .withMessageContaining(MODE)
                    .withMessageContaining(host);
        }
    }

    @Test
    void aContainerBehindALoopbackPortMayListenOnAnyAddressOnceThatIsSaid() {
        AuthMode mode = mode("0.0.0.0", Map.of(MODE, "local", "cumulet.auth.local-behind-loopback-ports", "true"));
        mode.check();
        assertThat(mode.mode()).isEqualTo(Mode.LOCAL);
    }

    @Test
    void tokensWithoutAnIssuerAndAnAudienceRefuseToStartAndNameTheSettings() {
        assertThatIllegalStateException()
                .isThrownBy(() -> mode("0.0.0.0", Map.of()).check())
                .withMessageContaining(ISSUER)
                .withMessageContaining(AUDIENCE);
        assertThatIllegalStateException()
                .isThrownBy(() -> mode("127.0.0.1", Map.of(MODE, "jwt", AUDIENCE, "cumulet"))
                        .check())
                .withMessageContaining(ISSUER);
        assertThatIllegalStateException()
                .isThrownBy(() -> mode("0.0.0.0", Map.of(ISSUER, "https://login.example.com"))
                        .check())
                .withMessageContaining(AUDIENCE);
    }

    @Test
    void theWordThatWouldSwitchACheckOffIsNoSetting() {
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        mode("0.0.0.0", Map.of(ISSUER, "any", AUDIENCE, "any")).check())
                .withMessageContaining(ISSUER)
                .withMessageContaining(AUDIENCE);
    }

    private static AuthMode mode(String host, Map<String, String> settings) {
        AuthConfig config = new SmallRyeConfigBuilder()
                .withMapping(AuthConfig.class)
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(AuthConfig.class);
        return new AuthMode(config, host);
    }
}
