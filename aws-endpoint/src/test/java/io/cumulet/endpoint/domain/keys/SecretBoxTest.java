package io.cumulet.endpoint.domain.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretBoxTest {

    private static final byte[] OLD = key(1);
    private static final byte[] NEW = key(2);

    @Test
    void onlyTheSameKeyAndPurposeOpenASecret() {
        SecretBox box = new SecretBox(List.of(OLD));
        byte[] sealed = box.seal("a secret", "key/1");
        assertThat(box.open(sealed, "key/1")).contains("a secret");
        assertThat(box.open(sealed, "key/2")).isEmpty();
        assertThat(new SecretBox(List.of(NEW)).open(sealed, "key/1")).isEmpty();
        assertThat(box.seal("a secret", "key/1")).isNotEqualTo(sealed);
    }

    @Test
    void aChangedBitAnywhereIsSeen() {
        SecretBox box = new SecretBox(List.of(OLD));
        byte[] sealed = box.seal("a secret", "key/1");
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThat(box.open(changed, "key/1")).as("byte %d", i).isEmpty();
        }
        assertThat(box.open(Arrays.copyOf(sealed, 10), "key/1")).isEmpty();
        assertThat(box.open(new byte[0], "key/1")).isEmpty();
    }

    @Test
    void afterAChangeOfKeysTheFirstSealsAndAllOpen() {
        byte[] before = new SecretBox(List.of(OLD)).seal("a secret", "key/1");
        SecretBox both = new SecretBox(List.of(NEW, OLD));
        assertThat(both.open(before, "key/1")).contains("a secret");
        assertThat(new SecretBox(List.of(NEW)).open(both.seal("a secret", "key/1"), "key/1"))
                .contains("a secret");
    }

    @Test
    void aKeyHasToHave32Bytes() {
        assertThatThrownBy(() -> new SecretBox(List.of(new byte[16]))).hasMessageContaining("32");
        assertThatThrownBy(() -> new SecretBox(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] key(int value) {
        byte[] key = new byte[SecretBox.KEY_BYTES];
        Arrays.fill(key, (byte) value);
        return key;
    }
}
