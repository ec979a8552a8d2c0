package io.cumulet.endpoint.app;

import io.cumulet.endpoint.app.AccessAudit.Change;
import io.cumulet.endpoint.domain.keys.AccessKey;
import io.cumulet.endpoint.domain.keys.AccessKeyIds;
import io.cumulet.endpoint.domain.keys.Policy;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.AfterCommit;
import io.cumulet.plumbing.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Making, finding, changing and deleting the keys of an account. */
@ApplicationScoped
public class AccessKeys {

    /** With how many an account can make no further one. */
    static final int MOST = 100;

    /** 40 characters of base64, as AWS's secrets have. */
    private static final int SECRET_BYTES = 30;

    private static final int TRIES = 10;

    private final AccessKeyStore store;
    private final AuditSequence sequence;
    private final AccessAudit audit;
    private final KnownKeys known;
    private final AfterCommit afterCommit;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public AccessKeys(
            AccessKeyStore store,
            AuditSequence sequence,
            AccessAudit audit,
            KnownKeys known,
            AfterCommit afterCommit,
            InstantSource clock) {
        this.store = store;
        this.sequence = sequence;
        this.audit = audit;
        this.known = known;
        this.afterCommit = afterCommit;
        this.clock = clock;
    }

    /** A random secret of the usual length. */
    public static String newSecret(SecureRandom random) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** @param policy null: the key may do everything */
    public Outcome<AccessKey> create(AccountId account, @Nullable Policy policy, String by, String requestId) {
        return Transactions.decide(() -> {
            // Holds the account's row: two at once don't exceed the limit together.
            sequence.take(account, 0);
            if (store.count(account) >= MOST) {
                return Outcome.refused(Refusal.of(
                        ErrorCode.ACCESS_KEY_LIMIT_EXCEEDED, "An account has at most " + MOST + " access keys"));
            }
            Change change = new Change(by, requestId, clock.instant());
            for (int i = 0; i < TRIES; i++) {
                AccessKey key = new AccessKey(
                        AccessKeyIds.newId(AccessKeyIds.LASTING, account, random),
                        account,
                        newSecret(random),
                        AccessKey.Status.ACTIVE,
                        policy,
                        change.time());
                if (store.insert(key)) {
                    audit.created(key, change);
                    forgetAfterCommit(key);
                    return Outcome.done(key);
                }
            }
            throw new IllegalStateException("No free id of an access key was found");
        });
    }

    public Outcome<AccessKey> find(AccountId account, String id) {
        return Transactions.read(
                        () -> store.find(id).filter(key -> key.account().equals(account)))
                .map(Outcome::done)
                .orElseGet(() -> Outcome.refused(notFound(id)));
    }

    public List<AccessKey> list(AccountId account, @Nullable String afterId, int limit) {
        return Transactions.read(() -> store.list(account, afterId, limit));
    }

    /** @param to makes of the key as it is what it shall be */
    public Outcome<AccessKey> change(
            AccountId account, String id, UnaryOperator<AccessKey> to, String by, String requestId) {
        return edit(account, id, by, requestId, (key, change) -> {
            AccessKey after = to.apply(key);
            store.update(after);
            audit.changed(after, change);
            return after;
        });
    }

    public Outcome<AccessKey> delete(AccountId account, String id, String by, String requestId) {
        return edit(account, id, by, requestId, (key, change) -> {
            store.delete(key);
            audit.deleted(key, change);
            return key;
        });
    }

    private Outcome<AccessKey> edit(AccountId account, String id, String by, String requestId, Edit edit) {
        return Transactions.decide(() -> {
            sequence.take(account, 0);
            Optional<AccessKey> key =
                    store.find(id).filter(found -> found.account().equals(account));
            if (key.isEmpty()) {
                return Outcome.refused(notFound(id));
            }
            AccessKey after = edit.apply(key.get(), new Change(by, requestId, clock.instant()));
            forgetAfterCommit(after);
            return Outcome.done(after);
        });
    }

    private void forgetAfterCommit(AccessKey key) {
        afterCommit.run(() -> known.forget(key.id()));
    }

    /** What is done to a key. */
    private interface Edit {
        AccessKey apply(AccessKey key, Change change);
    }

    private static Refusal notFound(String id) {
        return Refusal.of(
                ErrorCode.ACCESS_KEY_NOT_FOUND, "accessKeyId", "The Access Key with id " + id + " cannot be found.");
    }
}
