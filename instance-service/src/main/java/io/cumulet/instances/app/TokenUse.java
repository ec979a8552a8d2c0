package io.cumulet.instances.app;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.util.Comparator;

/**
 * A client token in use for one operation.
 *
 * @param requestHash what a repetition has to match
 */
public record TokenUse(AccountId account, Region region, String operation, String token, String requestHash) {

    /** Tokens are claimed in this order, so that two committers never wait for each other. */
    public static final Comparator<TokenUse> CLAIM_ORDER = Comparator.comparing(TokenUse::account)
            .thenComparing(TokenUse::region)
            .thenComparing(TokenUse::operation)
            .thenComparing(TokenUse::token);

    /** The same token, whatever was asked with it. */
    public TokenUse key() {
        return new TokenUse(account, region, operation, token, "");
    }
}
