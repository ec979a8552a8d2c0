package io.cumulet.endpoint.access;

import io.cumulet.endpoint.domain.keys.AccessKey;
import io.cumulet.endpoint.domain.keys.Policy;
import io.cumulet.kernel.AccountId;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, once the signature holds.
 *
 * @param accessKeyId the key it was signed with
 * @param arn {@code arn:aws:iam::<account>:root}, or {@code arn:aws:sts::<account>:assumed-role/<role>/<session>}
 * @param userId what {@code GetCallerIdentity} calls it
 * @param rootKeyId the account's key that it all began with; the same as {@code accessKeyId} but for sessions
 * @param policy what that key may do; null if everything
 */
public record Principal(
        AccountId account,
        String accessKeyId,
        String arn,
        String userId,
        String rootKeyId,
        @Nullable Policy policy) {

    /** An account's own key of which nothing more is known. */
    public static Principal ofAccount(AccountId account, String accessKeyId) {
        return new Principal(account, accessKeyId, rootArn(account), account.value(), accessKeyId, null);
    }

    static Principal of(AccessKey key) {
        return new Principal(
                key.account(), key.id(), rootArn(key.account()), key.account().value(), key.id(), key.policy());
    }

    /** What an account's own keys are called. */
    public static String rootArn(AccountId account) {
        return "arn:aws:iam::" + account + ":root";
    }

    /** Whether it signs with credentials of STS. */
    public boolean isSession() {
        return !accessKeyId.equals(rootKeyId);
    }
}
