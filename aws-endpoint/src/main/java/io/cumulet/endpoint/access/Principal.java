package io.cumulet.endpoint.access;

import io.cumulet.endpoint.domain.keys.AccessKey;
import io.cumulet.endpoint.domain.keys.Policy;
import io.cumulet.kernel.AccountId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, once the signature holds.
 *
 * @param accessKeyId the key it was signed with
 * @param arn {@code arn:aws:iam::<account>:root}, or {@code arn:aws:sts::<account>:assumed-role/<role>/<session>}
 * @param userId what {@code GetCallerIdentity} calls it
 * @param rootKeyId the account's key that it all began with; the same as {@code accessKeyId} but for sessions
 * @param policy what that key may do; null if everything
 * @param limits the policies of the sessions that lead here: it may what each of them allows as well
 */
public record Principal(
        AccountId account,
        String accessKeyId,
        String arn,
        String userId,
        String rootKeyId,
        @Nullable Policy policy,
        List<Policy> limits) {

    public Principal {
        limits = List.copyOf(limits);
    }

    private static final String FEDERATED = ":federated-user/";

    /** An account's own key of which nothing more is known. */
    public static Principal ofAccount(AccountId account, String accessKeyId) {
        return new Principal(account, accessKeyId, rootArn(account), account.value(), accessKeyId, null, List.of());
    }

    static Principal of(AccessKey key) {
        return new Principal(
                key.account(),
                key.id(),
                rootArn(key.account()),
                key.account().value(),
                key.id(),
                key.policy(),
                List.of());
    }

    /** What an account's own keys are called. */
    public static String rootArn(AccountId account) {
        return "arn:aws:iam::" + account + ":root";
    }

    /** What a federated user of an account is called. */
    public static String federatedArn(AccountId account, String name) {
        return "arn:aws:sts::" + account + FEDERATED + name;
    }

    /** Whether any policy has to be asked. */
    boolean isLimited() {
        return policy != null || !limits.isEmpty();
    }

    /** Whether its key and all its sessions may do that. */
    boolean may(String action) {
        return (policy == null || policy.allows(action)) && limits.stream().allMatch(limit -> limit.allows(action));
    }

    /** Whether its credentials are of {@code GetFederationToken}. */
    public boolean isFederated() {
        return isSession() && arn.contains(FEDERATED);
    }

    /** Whether it signs with credentials of STS. */
    public boolean isSession() {
        return !accessKeyId.equals(rootKeyId);
    }
}
