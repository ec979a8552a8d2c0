package io.cumulet.endpoint.access;

import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.api.AuthConfig;
import io.cumulet.plumbing.api.AuthMode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Whose request it is. */
@ApplicationScoped
public class Identification {

    private final AuthMode mode;
    private final AuthConfig config;

    public Identification(AuthMode mode, AuthConfig config) {
        this.mode = mode;
        this.config = config;
    }

    /**
     * @param credential nothing if the request isn't signed
     * @throws AwsError {@code AuthFailure} or another refusal of the door
     */
    public Principal identify(Optional<Credential> credential, SignedRequest request) {
        return switch (mode.mode()) {
            case LOCAL -> locally(credential);
            case JWT ->
                throw AwsError.of("AuthFailure", "AWS was not able to validate the provided access credentials");
        };
    }

    private Principal locally(Optional<Credential> credential) {
        String keyId = credential.map(Credential::accessKeyId).orElse("");
        boolean namesAccount = AccountId.isValid(keyId) && !keyId.equals(AccountId.OPERATOR.value());
        return Principal.ofAccount(new AccountId(namesAccount ? keyId : config.localAccount()), keyId);
    }
}
