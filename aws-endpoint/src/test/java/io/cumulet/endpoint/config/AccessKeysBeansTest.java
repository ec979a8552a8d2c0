package io.cumulet.endpoint.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cumulet.endpoint.domain.keys.SecretBox;
import io.cumulet.plumbing.api.AuthConfig.Mode;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessKeysBeansTest {

    private static final String KEY = Base64.getEncoder().encodeToString(new byte[SecretBox.KEY_BYTES]);

    @Test
    void outsideLocalModeThereHasToBeAKey() {
        assertThatThrownBy(() -> AccessKeysBeans.secretBox(List.of(), Mode.JWT))
                .hasMessageContaining("cumulet.access-keys.encryption-key must hold 32 bytes in base64");
        SecretBox local = AccessKeysBeans.secretBox(List.of(), Mode.LOCAL);
        assertThat(local.open(local.seal("a", "b"), "b")).contains("a");
    }

    @Test
    void aKeyThatIsNoneIsNamedByItsPlaceAndNotRepeated() {
        assertThatThrownBy(() -> AccessKeysBeans.secretBox(List.of(KEY, "not base64!"), Mode.LOCAL))
                .hasMessageContaining("Key 2 of cumulet.access-keys.encryption-key isn't base64")
                .hasMessageNotContaining("not base64!");
        assertThatThrownBy(() -> AccessKeysBeans.secretBox(List.of("c2hvcnQ="), Mode.JWT))
                .hasMessageContaining("has 5 bytes; AES-256 takes 32");
    }
}
