package io.cumulet.endpoint.access;

import io.cumulet.endpoint.access.Sessions.Session;
import io.cumulet.endpoint.app.KnownKeys;
import io.cumulet.endpoint.domain.keys.AccessKey;
import io.cumulet.endpoint.domain.keys.AccessKeyIds;
import io.cumulet.endpoint.domain.keys.Policy;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.api.AuthConfig;
import io.cumulet.plumbing.api.AuthConfig.Mode;
import io.cumulet.plumbing.api.AuthMode;
import io.cumulet.plumbing.clock.StackClock;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whose request it is. A key that exists is always verified. In local mode a key that doesn't exist lets in without a look at
 * the signature: a key id of 12 digits is the account, any other stands for the local account.
 */
@ApplicationScoped
public class Identification {

    private final AuthMode mode;
    private final AuthConfig config;
    private final Function<String, Optional<AccessKey>> keys;
    private final Sessions sessions;
    private final InstantSource machineTime;
    private final Verifier verifier;

    @Inject
    public Identification(AuthMode mode, AuthConfig config, KnownKeys keys, Sessions sessions, StackClock clock) {
        this(mode, config, keys::find, sessions, clock::realInstant);
    }

    /** @param keys finds one by its id */
    Identification(
            AuthMode mode,
            AuthConfig config,
            Function<String, Optional<AccessKey>> keys,
            Sessions sessions,
            InstantSource machineTime) {
        this.mode = mode;
        this.config = config;
        this.keys = keys;
        this.sessions = sessions;
        this.machineTime = machineTime;
        this.verifier = new Verifier(machineTime);
    }

    /**
     * @param signed nothing if the request isn't signed
     * @param query the parameters of the query
     * @param errors how the service that is asked says no
     * @throws AwsError {@code AuthFailure} or another refusal of the door
     */
    public Principal identify(
            Optional<Credential> signed, SignedRequest request, Map<String, String> query, AccessErrors errors) {
        if (signed.isEmpty()) {
            if (mode.mode() == Mode.LOCAL) {
                return locally("");
            }
            throw errors.unsigned();
        }
        Credential credential = signed.get();
        String token = token(request, query, credential.presigned());
        if (token != null && AccessKeyIds.isId(AccessKeyIds.PASSING, credential.accessKeyId())) {
            Optional<Session> session = sessions.open(token);
            if (session.isPresent()) {
                return verified(session.get(), credential, request, query, errors);
            }
        }
        Optional<AccessKey> key = keys.apply(credential.accessKeyId());
        if (key.isPresent()) {
            return verified(key.get(), token, credential, request, query, errors);
        }
        if (mode.mode() == Mode.LOCAL) {
            return locally(credential.accessKeyId());
        }
        throw errors.unknownKey();
    }

    private Principal verified(
            AccessKey key,
            @Nullable String token,
            Credential credential,
            SignedRequest request,
            Map<String, String> query,
            AccessErrors errors) {
        // An account's own key has no token.
        if (!key.isActive() || token != null) {
            throw errors.unknownKey();
        }
        verifier.verify(credential, key.secret(), request, query, errors);
        return Principal.of(key);
    }

    private Principal verified(
            Session session,
            Credential credential,
            SignedRequest request,
            Map<String, String> query,
            AccessErrors errors) {
        if (!session.accessKeyId().equals(credential.accessKeyId())) {
            throw errors.unknownKey();
        }
        verifier.verify(credential, session.secret(), request, query, errors);
        if (!machineTime.instant().isBefore(session.expiresAt())) {
            throw errors.expiredSession();
        }
        return new Principal(
                session.account(),
                session.accessKeyId(),
                session.arn(),
                session.userId(),
                session.rootKeyId(),
                policyOf(session, errors),
                session.limits());
    }

    /** As it is now: a session never may what its key no longer may, and ends with it. */
    private @Nullable Policy policyOf(Session session, AccessErrors errors) {
        Optional<AccessKey> root = keys.apply(session.rootKeyId());
        if (root.isPresent() ? !root.get().isActive() : mode.mode() != Mode.LOCAL) {
            throw errors.unknownKey();
        }
        return root.map(AccessKey::policy).orElse(null);
    }

    /** The account that a key id stands for where no key has to exist. */
    private Principal locally(String keyId) {
        return Principal.ofAccount(localAccount(keyId), keyId);
    }

    private AccountId localAccount(String keyId) {
        boolean namesAccount = AccountId.isValid(keyId) && !keyId.equals(AccountId.OPERATOR.value());
        return new AccountId(namesAccount ? keyId : config.localAccount());
    }

    /** The account of a key id, whoever's; of one that exists nowhere, where it stands for one. */
    public Optional<AccountId> accountOf(String keyId) {
        return AccessKeyIds.accountOf(keyId)
                .or(() -> mode.mode() == Mode.LOCAL ? Optional.of(localAccount(keyId)) : Optional.empty());
    }

    /** Whether any key lets in, and so any role may be taken on. */
    public boolean isLocal() {
        return mode.mode() == Mode.LOCAL;
    }

    private static @Nullable String token(SignedRequest request, Map<String, String> query, boolean presigned) {
        return presigned ? query.get("X-Amz-Security-Token") : request.header(Verifier.SECURITY_TOKEN);
    }
}
