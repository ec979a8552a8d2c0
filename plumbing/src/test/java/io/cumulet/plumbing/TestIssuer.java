package io.cumulet.plumbing;

import io.cumulet.embedded.EmbeddedIssuer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** An issuer for a test's application. Its private keys are handed to the test as settings. */
public class TestIssuer implements QuarkusTestResourceLifecycleManager {

    static final String KEY = "test.issuer.key";
    static final String LATER_KEY = "test.issuer.later-key";

    private EmbeddedIssuer issuer;

    @Override
    public Map<String, String> start() {
        issuer = new EmbeddedIssuer();
        Map<String, String> settings = new HashMap<>(issuer.serviceSettings());
        settings.put(KEY, text(issuer.key()));
        settings.put(LATER_KEY, text(issuer.laterKey()));
        return settings;
    }

    private static String text(PrivateKey key) {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }

    @Override
    public void stop() {
        if (issuer != null) {
            issuer.close();
        }
    }
}
