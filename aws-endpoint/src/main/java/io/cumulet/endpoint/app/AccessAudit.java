package io.cumulet.endpoint.app;

import io.cumulet.endpoint.domain.keys.AccessKey;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.List;

/** Tells the suite who was let do what, in the running transaction. */
public interface AccessAudit {

    /**
     * What a policy said to one request.
     *
     * @param principalArn whoever signed
     * @param action such as {@code ec2:RunInstances}
     * @param sourceAddress where the request came from
     */
    record Decision(
            AccountId account,
            String accessKeyId,
            String principalArn,
            String action,
            Region region,
            boolean allowed,
            String sourceAddress,
            String userAgent,
            String requestId,
            Instant time) {}

    /** Who changed a key: {@code account}, or {@code operator}. */
    record Change(String changedBy, String requestId, Instant time) {}

    void decided(List<Decision> decisions);

    void created(AccessKey key, Change change);

    void changed(AccessKey key, Change change);

    void deleted(AccessKey key, Change change);
}
