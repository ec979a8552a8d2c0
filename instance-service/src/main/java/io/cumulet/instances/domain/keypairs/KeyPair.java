package io.cumulet.instances.domain.keypairs;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.Map;

/**
 * A key pair by its public half.
 *
 * @param fingerprint as EC2 writes it: of what, depends on its type and on who made it (see {@link SshKeys})
 * @param publicKey in OpenSSH's form without a comment: {@code ssh-rsa AAAA…}
 */
public record KeyPair(
        String id,
        AccountId account,
        Region region,
        String name,
        KeyType type,
        String fingerprint,
        String publicKey,
        Map<String, String> tags,
        Instant createdAt) {

    public KeyPair with(Map<String, String> otherTags) {
        return new KeyPair(id, account, region, name, type, fingerprint, publicKey, otherTags, createdAt);
    }
}
