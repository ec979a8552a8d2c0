package io.cumulet.endpoint.config;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** How the secrets of access keys are kept. */
@ConfigMapping(prefix = "cumulet.access-keys")
public interface AccessKeysConfig {

    /**
     * What secrets of access keys and session tokens are sealed with (AES-256-GCM): 32 bytes in base64, as {@code openssl
     * rand -base64 32} makes them. Of several, comma separated, the first seals and all open. All processes of the service
     * need the same. In local mode, where it isn't said, each start makes one of its own, and keys made before it are lost.
     */
    Optional<List<String>> encryptionKey();
}
