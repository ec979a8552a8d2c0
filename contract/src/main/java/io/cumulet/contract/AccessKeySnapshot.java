package io.cumulet.contract;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An access key as it is after a change, or was when it was deleted; never its secret. Key: the account.
 *
 * @param version counts up with each event of the account, without a gap, from 1
 * @param status {@code Active} or {@code Inactive}
 * @param policy what the key may do; left out if everything
 * @param changedBy {@code account} or {@code operator}
 * @param requestId of the REST call that changed it
 */
public record AccessKeySnapshot(
        String account,
        long version,
        String accessKeyId,
        String status,
        @Nullable List<Statement> policy,
        Instant createdAt,
        String changedBy,
        String requestId,
        Instant occurredAt) {

    /**
     * One sentence of a policy.
     *
     * @param effect {@code Allow} or {@code Deny}
     * @param actions {@code ec2:RunInstances}, or with wildcards: {@code ec2:Describe*}, {@code *}
     */
    public record Statement(String effect, List<String> actions) {}
}
