package io.cumulet.instances.domain.keypairs;

import java.util.Locale;
import java.util.Optional;

/** The kinds of key that EC2 has. */
public enum KeyType {
    RSA("ssh-rsa"),
    ED25519("ssh-ed25519");

    private final String sshName;

    KeyType(String sshName) {
        this.sshName = sshName;
    }

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What SSH calls it. */
    String sshName() {
        return sshName;
    }

    public static Optional<KeyType> ofCode(String code) {
        for (KeyType type : values()) {
            if (type.code().equals(code)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
