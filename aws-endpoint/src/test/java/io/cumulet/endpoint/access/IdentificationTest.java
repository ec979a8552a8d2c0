package io.cumulet.endpoint.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.endpoint.access.Sessions.Issued;
import io.cumulet.endpoint.domain.keys.AccessKey;
import io.cumulet.endpoint.domain.keys.AccessKey.Status;
import io.cumulet.endpoint.domain.keys.AccessKeyIds;
import io.cumulet.endpoint.domain.keys.SecretBox;
import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.api.AuthConfig;
import io.cumulet.plumbing.api.AuthMode;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdentificationTest {

    private static final AccountId ACCOUNT = new AccountId("310987654321");
    private static final String LOCAL_ACCOUNT = "123456789012";
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    private static final String FORM = "Action=GetCallerIdentity&Version=2011-06-15";
    private static final Duration HOUR = Duration.ofHours(1);

    private final AccessKey key = new AccessKey(
            AccessKeyIds.newId(AccessKeyIds.LASTING, ACCOUNT, new Random(1)),
            ACCOUNT,
            SECRET,
            Status.ACTIVE,
            null,
            Instant.EPOCH);
    private final Map<String, AccessKey> keys = new HashMap<>(Map.of(key.id(), key));
    private Instant now = Instant.parse("2026-12-01T01:00:00Z");
    private final Sessions sessions = new Sessions(new SecretBox(List.of(new byte[SecretBox.KEY_BYTES])), () -> now);
    private final Identification local = identification("local");
    private final Identification guarded = identification("jwt");

    @Test
    void anExistingKeyIsItsAccountAndVerifiedInBothModes() {
        for (Identification door : List.of(local, guarded)) {
            assertThat(called(door, new Signer(key.id(), SECRET))).isEqualTo(ACCOUNT.value());
            assertThat(called(door, new Signer(key.id(), "wrong"))).isEqualTo("SignatureDoesNotMatch");
            assertThat(called(door, new Signer(key.id(), SECRET, "a token"))).isEqualTo("InvalidClientTokenId");
        }
        keys.put(key.id(), key.with(Status.INACTIVE, null));
        for (Identification door : List.of(local, guarded)) {
            assertThat(called(door, new Signer(key.id(), SECRET))).isEqualTo("InvalidClientTokenId");
        }
    }

    @Test
    void aKeyThatDoesNotExistLetsInLocallyAlone() {
        for (Map.Entry<String, String> caller : Map.of(
                        "test",
                        LOCAL_ACCOUNT,
                        "210987654321",
                        "210987654321",
                        "000000000000",
                        LOCAL_ACCOUNT,
                        AccessKeyIds.newId(AccessKeyIds.LASTING, ACCOUNT, new Random(2)),
                        LOCAL_ACCOUNT)
                .entrySet()) {
            Signer signer = new Signer(caller.getKey(), "anything");
            assertThat(called(local, signer)).as(caller.getKey()).isEqualTo(caller.getValue());
            assertThat(called(guarded, signer)).as(caller.getKey()).isEqualTo("InvalidClientTokenId");
        }
    }

    @Test
    void whatIsNotSignedComesInLocallyAlone() {
        assertThat(codeOrAccount(local, Optional.empty(), signed(new Signer("test", "x")), AccessErrors.EC2))
                .isEqualTo(LOCAL_ACCOUNT);
        for (Map.Entry<AccessErrors, String> refused : Map.of(
                        AccessErrors.EC2, "AuthFailure",
                        AccessErrors.STS, "MissingAuthenticationToken",
                        AccessErrors.JSON, "MissingAuthenticationTokenException")
                .entrySet()) {
            assertThat(codeOrAccount(guarded, Optional.empty(), signed(new Signer("test", "x")), refused.getKey()))
                    .isEqualTo(refused.getValue());
        }
    }

    @Test
    void aSessionEndsWithItsTimeAndWithTheKeyItBeganWith() {
        Issued issued = sessions.issue(
                Principal.of(key), ACCOUNT, "arn:aws:sts::1:assumed-role/r/s", "r:s", Optional.empty(), HOUR);
        Signer session =
                new Signer(issued.session().accessKeyId(), issued.session().secret(), issued.token());
        assertThat(called(guarded, session)).isEqualTo(ACCOUNT.value());
        assertThat(called(guarded, new Signer(session.accessKeyId(), "wrong", session.token())))
                .isEqualTo("SignatureDoesNotMatch");
        assertThat(called(guarded, new Signer(session.accessKeyId(), session.secret())))
                .as("without its token")
                .isEqualTo("InvalidClientTokenId");

        now = now.plus(HOUR).minusSeconds(1);
        assertThat(called(guarded, session)).isEqualTo(ACCOUNT.value());
        now = now.plusSeconds(1);
        assertThat(called(guarded, session)).isEqualTo("ExpiredToken");
        now = now.minusSeconds(1);
        keys.clear();
        assertThat(called(guarded, session)).isEqualTo("InvalidClientTokenId");
    }

    private Identification identification(String mode) {
        AuthConfig config = new SmallRyeConfigBuilder()
                .withMapping(AuthConfig.class)
                .withDefaultValue("cumulet.auth.mode", mode)
                .build()
                .getConfigMapping(AuthConfig.class);
        return new Identification(
                new AuthMode(config, "127.0.0.1"),
                config,
                id -> Optional.ofNullable(keys.get(id)),
                sessions,
                () -> now);
    }

    private SignedRequest signed(Signer signer) {
        return signer.request("sts", FORM, now);
    }

    private String called(Identification door, Signer signer) {
        SignedRequest request = signed(signer);
        return codeOrAccount(door, Credential.of(request.header("authorization"), Map.of()), request, AccessErrors.STS);
    }

    private static String codeOrAccount(
            Identification door, Optional<Credential> signed, SignedRequest request, AccessErrors errors) {
        try {
            return door.identify(signed, request, Map.of(), errors).account().value();
        } catch (AwsError e) {
            return e.code();
        }
    }
}
