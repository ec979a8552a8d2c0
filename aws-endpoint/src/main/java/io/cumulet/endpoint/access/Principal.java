package io.cumulet.endpoint.access;

import io.cumulet.kernel.AccountId;

/**
 * Who calls, once the signature holds.
 *
 * @param accessKeyId the key it was signed with
 * @param arn {@code arn:aws:iam::<account>:root}, or {@code arn:aws:sts::<account>:assumed-role/<role>/<session>}
 * @param userId what {@code GetCallerIdentity} calls it
 */
public record Principal(AccountId account, String accessKeyId, String arn, String userId) {

    /** An account's own key. */
    public static Principal ofAccount(AccountId account, String accessKeyId) {
        return new Principal(account, accessKeyId, "arn:aws:iam::" + account + ":root", account.value());
    }
}
