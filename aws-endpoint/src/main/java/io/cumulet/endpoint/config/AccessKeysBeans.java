package io.cumulet.endpoint.config;

import io.cumulet.endpoint.domain.keys.SecretBox;
import io.cumulet.plumbing.api.AuthConfig.Mode;
import io.cumulet.plumbing.api.AuthMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jboss.logging.Logger;

/** What seals secrets; without one, the service doesn't start. */
@ApplicationScoped
public class AccessKeysBeans {

    private static final Logger LOG = Logger.getLogger(AccessKeysBeans.class);
    private static final String SETTING = "cumulet.access-keys.encryption-key";

    /** Before anything is served. */
    void check(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) StartupEvent event, SecretBox box) {
        // Made, or refused, by being asked for.
    }

    @Produces
    @Singleton
    SecretBox secretBox(AccessKeysConfig config, AuthMode mode) {
        return secretBox(config.encryptionKey().orElse(List.of()), mode.mode());
    }

    static SecretBox secretBox(List<String> encoded, Mode mode) {
        if (encoded.isEmpty()) {
            if (mode != Mode.LOCAL) {
                throw new IllegalStateException(SETTING + " must hold 32 bytes in base64, as `openssl rand -base64 32`"
                        + " makes them: secrets of access keys are kept sealed with it (docs/security.md)");
            }
            LOG.infof("%s isn't set: access keys are forgotten when this process ends", SETTING);
            byte[] key = new byte[SecretBox.KEY_BYTES];
            new SecureRandom().nextBytes(key);
            return new SecretBox(List.of(key));
        }
        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < encoded.size(); i++) {
            keys.add(key(encoded.get(i), i + 1));
        }
        return new SecretBox(keys);
    }

    /** Its value isn't repeated: it would be in the log. */
    private static byte[] key(String encoded, int number) {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(encoded.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("Key " + number + " of " + SETTING + " isn't base64");
        }
        if (key.length != SecretBox.KEY_BYTES) {
            throw new IllegalStateException("Key " + number + " of " + SETTING + " has " + key.length
                    + " bytes; AES-256 takes " + SecretBox.KEY_BYTES);
        }
        return key;
    }
}
