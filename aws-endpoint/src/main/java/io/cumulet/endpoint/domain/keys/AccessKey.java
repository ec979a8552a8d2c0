package io.cumulet.endpoint.domain.keys;

import io.cumulet.kernel.AccountId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key that an account's requests are signed with.
 *
 * @param secret what signatures are made with; never shown again after the key was made
 * @param policy what the key may do; null if everything
 */
public record AccessKey(
        String id,
        AccountId account,
        String secret,
        Status status,
        @Nullable Policy policy,
        Instant createdAt) {

    /** Whether requests may be signed with it. */
    public enum Status {
        ACTIVE("Active"),
        INACTIVE("Inactive");

        private final String code;

        Status(String code) {
            this.code = code;
        }

        /** As IAM calls it. */
        public String code() {
            return code;
        }
    }

    public boolean isActive() {
        return status == Status.ACTIVE;
    }

    public AccessKey with(Status newStatus, @Nullable Policy newPolicy) {
        return new AccessKey(id, account, secret, newStatus, newPolicy, createdAt);
    }

    /** Without the secret: keys come into messages and logs. */
    @Override
    public String toString() {
        return "AccessKey[" + id + " of " + account + ", " + status + "]";
    }
}
