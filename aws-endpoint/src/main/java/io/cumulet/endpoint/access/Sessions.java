package io.cumulet.endpoint.access;

import io.cumulet.endpoint.app.AccessKeys;
import io.cumulet.endpoint.domain.keys.AccessKeyIds;
import io.cumulet.endpoint.domain.keys.Policy;
import io.cumulet.endpoint.domain.keys.SecretBox;
import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.clock.StackClock;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Credentials for a while. Nothing is kept of them: the session token holds all there is to know, sealed, and comes back with
 * each request. They end by the machine's clock, as signatures do. Thread-safe.
 */
@ApplicationScoped
public class Sessions {

    private static final String PURPOSE = "session";
    private static final String FORM = "2";
    private static final String SEPARATOR = "\n";
    private static final int PARTS = 9;

    /** Tokens from before sessions had policies. */
    private static final String OLD_FORM = "1";

    private static final int OLD_PARTS = 8;

    /**
     * Credentials that sign for a session.
     *
     * @param rootKeyId the key whose policy holds for them
     * @param limits the policies that hold for them besides, all of them
     */
    public record Session(
            String accessKeyId,
            String secret,
            AccountId account,
            String arn,
            String userId,
            String rootKeyId,
            Instant expiresAt,
            List<Policy> limits) {

        public Session {
            limits = List.copyOf(limits);
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "Session[" + accessKeyId + " of " + arn + "]";
        }
    }

    /** A session and the token that has to come with its requests. */
    public record Issued(Session session, String token) {}

    private final SecretBox box;
    private final InstantSource machineTime;
    private final SecureRandom random = new SecureRandom();

    @Inject
    public Sessions(SecretBox box, StackClock clock) {
        this(box, clock::realInstant);
    }

    Sessions(SecretBox box, InstantSource machineTime) {
        this.box = box;
        this.machineTime = machineTime;
    }

    /**
     * Makes credentials.
     *
     * @param caller whose policy and limits hold for the session
     * @param limit what holds for it besides
     */
    public Issued issue(
            Principal caller, AccountId account, String arn, String userId, Optional<Policy> limit, Duration duration) {
        List<Policy> limits = new ArrayList<>(caller.limits());
        limit.ifPresent(limits::add);
        Session session = new Session(
                AccessKeyIds.newId(AccessKeyIds.PASSING, account, random),
                AccessKeys.newSecret(random),
                account,
                arn,
                userId,
                caller.rootKeyId(),
                machineTime.instant().truncatedTo(ChronoUnit.SECONDS).plus(duration),
                limits);
        String text = String.join(
                SEPARATOR,
                FORM,
                session.accessKeyId(),
                session.secret(),
                account.value(),
                arn,
                userId,
                session.rootKeyId(),
                Long.toString(session.expiresAt().getEpochSecond()),
                PolicyText.write(limits));
        return new Issued(session, Base64.getEncoder().encodeToString(box.seal(text, PURPOSE)));
    }

    /** Nothing if the token isn't one of ours. It may have expired. */
    Optional<Session> open(String token) {
        byte[] sealed;
        try {
            sealed = Base64.getDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return box.open(sealed, PURPOSE).map(text -> {
            String[] parts = text.split(SEPARATOR, -1);
            boolean isOld = parts[0].equals(OLD_FORM) && parts.length == OLD_PARTS;
            if (!isOld && (parts.length != PARTS || !parts[0].equals(FORM))) {
                throw new IllegalStateException("A session token of a form that isn't known");
            }
            return new Session(
                    parts[1],
                    parts[2],
                    new AccountId(parts[3]),
                    parts[4],
                    parts[5],
                    parts[6],
                    Instant.ofEpochSecond(Long.parseLong(parts[7])),
                    isOld ? List.of() : PolicyText.read(parts[8]));
        });
    }
}
