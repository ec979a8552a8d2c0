package io.cumulet.instances.app;

import io.cumulet.instances.domain.keypairs.KeyPair;
import io.cumulet.instances.domain.keypairs.KeyType;
import io.cumulet.instances.domain.keypairs.SshKeys;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.clock.StackClock;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An account's key pairs in a region. Private keys are told to whoever makes a pair, and kept nowhere. */
@ApplicationScoped
public class KeyPairs {

    private static final int LONGEST_NAME = 255;
    private static final String PEM = "pem";
    private static final String PPK = "ppk";

    private final KeyPairStore store;
    private final StackClock clock;
    private final SecureRandom random = new SecureRandom();

    public KeyPairs(KeyPairStore store, StackClock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * @param type {@code rsa}, as if it isn't said, or {@code ed25519}
     * @param format {@code pem}
     */
    public record Wish(
            @Nullable String name,
            @Nullable String type,
            @Nullable String format,
            @Nullable String publicKeyMaterial,
            @Nullable Map<String, String> tags) {}

    /** @param privateKey null for a pair that was imported */
    public record Made(KeyPair pair, @Nullable String privateKey) {
        @Override
        public String toString() {
            return "Made[" + pair + "]";
        }
    }

    /** Makes a pair or, if a public key is given, imports it. */
    public Outcome<Made> make(Wish wish, AccountId account, Region region) {
        String name = wish.name();
        if (name == null || name.isEmpty()) {
            return Outcome.refused(ErrorCode.MISSING_PARAMETER, "keyName", "'keyName' is required");
        }
        if (name.length() > LONGEST_NAME || !name.equals(name.strip()) || !isAscii(name)) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    "keyName",
                    "A key name has 1 to " + LONGEST_NAME + " ASCII characters, no blanks at its ends");
        }
        return Tags.of(wish.tags())
                .flatMap(tags -> wish.publicKeyMaterial() != null
                        ? imported(wish, wish.publicKeyMaterial())
                                .flatMap(key -> keep(name, key, tags, account, region))
                                .map(pair -> new Made(pair, null))
                        : created(wish)
                                .flatMap(key -> keep(name, key.publicKey(), tags, account, region)
                                        .map(pair -> new Made(pair, key.privateKey()))));
    }

    private static boolean isAscii(String name) {
        return name.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    }

    private Outcome<SshKeys.Created> created(Wish wish) {
        String format = wish.format() == null ? PEM : wish.format();
        if (format.equals(PPK)) {
            return Outcome.refused(
                    ErrorCode.UNSUPPORTED_OPERATION,
                    "keyFormat",
                    "Private keys are given as pem; puttygen converts them");
        }
        if (!format.equals(PEM)) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE, "keyFormat", "There is no format '" + format + "'");
        }
        String type = wish.type() == null ? KeyType.RSA.code() : wish.type();
        return KeyType.ofCode(type)
                .<Outcome<SshKeys.Created>>map(known -> Outcome.done(SshKeys.create(known, random)))
                .orElseGet(() -> Outcome.refused(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        "keyType",
                        "A key is of type rsa or ed25519; not '" + type + "'"));
    }

    private static Outcome<SshKeys.Public> imported(Wish wish, String material) {
        if (wish.type() != null || wish.format() != null) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    wish.type() != null ? "keyType" : "keyFormat",
                    "A public key that is imported says itself what it is");
        }
        try {
            return SshKeys.read(Base64.getMimeDecoder().decode(material))
                    .<Outcome<SshKeys.Public>>map(Outcome::done)
                    .orElseGet(KeyPairs::noKey);
        } catch (IllegalArgumentException e) {
            return noKey();
        }
    }

    private static Outcome<SshKeys.Public> noKey() {
        return Outcome.refused(
                ErrorCode.INVALID_KEY_FORMAT, "publicKeyMaterial", "Key is not in valid OpenSSH public key format");
    }

    private Outcome<KeyPair> keep(
            String name, SshKeys.Public key, Map<String, String> tags, AccountId account, Region region) {
        KeyPair pair = new KeyPair(
                ResourceKind.KEY_PAIR.newId(),
                account,
                region,
                name,
                key.type(),
                key.fingerprint(),
                key.openSsh(),
                tags,
                clock.instant());
        return Transactions.decide(() -> store.insert(pair)
                ? Outcome.done(pair)
                : Outcome.refused(
                        ErrorCode.KEY_PAIR_DUPLICATE, "keyName", "The keypair '" + name + "' already exists."));
    }

    public Outcome<KeyPair> find(String id, AccountId account, Region region) {
        return found(Transactions.read(() -> store.find(id, account, region)), id);
    }

    public List<KeyPair> list(KeyPairStore.KeyPairFilter filter, @Nullable String afterId, int limit) {
        return Transactions.read(() -> store.list(filter, afterId, limit));
    }

    /** @param patch a tag with null as value goes */
    public Outcome<KeyPair> tag(
            String id, AccountId account, Region region, @Nullable Map<String, @Nullable String> patch) {
        return Transactions.decide(() -> found(store.lock(id, account, region), id)
                .flatMap(pair -> Tags.patched(pair.tags(), patch).map(tags -> {
                    KeyPair after = pair.with(tags);
                    store.setTags(after);
                    return after;
                })));
    }

    public Outcome<KeyPair> delete(String id, AccountId account, Region region) {
        return Transactions.decide(
                () -> found(store.lock(id, account, region), id).map(pair -> {
                    store.delete(pair.id());
                    return pair;
                }));
    }

    private static Outcome<KeyPair> found(Optional<KeyPair> pair, String id) {
        return pair.<Outcome<KeyPair>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(Refusal.of(
                        ErrorCode.KEY_PAIR_NOT_FOUND, "keyPairId", "The key pair '" + id + "' does not exist")));
    }
}
