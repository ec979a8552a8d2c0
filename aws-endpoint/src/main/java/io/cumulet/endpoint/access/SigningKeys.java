package io.cumulet.endpoint.access;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Keys that requests were rightly signed with: made of a secret by four hashes, and the same for a whole day. Thread-safe. */
final class SigningKeys {

    private static final int MOST = 10_000;

    private record Made(String secret, byte[] key) {}

    private final Map<Credential, Made> made = new ConcurrentHashMap<>();

    /** The key for a credential; it isn't kept yet: anybody can ask for any region. */
    byte[] of(Credential credential, String secret) {
        @Nullable Made known = made.get(credential);
        return known != null && known.secret().equals(secret) ? known.key() : SigV4.signingKey(secret, credential);
    }

    /** After a signature of it was found right. */
    void keep(Credential credential, String secret, byte[] key) {
        if (made.containsKey(credential)) {
            return;
        }
        if (made.size() >= MOST) {
            made.clear();
        }
        made.put(credential, new Made(secret, key));
    }
}
