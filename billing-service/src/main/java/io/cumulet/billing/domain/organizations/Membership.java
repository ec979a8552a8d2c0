package io.cumulet.billing.domain.organizations;

import io.cumulet.kernel.AccountId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One account's stay in an organization. It counts by clock hours: the hour in which it joined is the first that counts,
 * the hour in which it left doesn't.
 *
 * <pre>
 *   joins 10:20, leaves 14:05   │ 10 │ 11 │ 12 │ 13 │
 *   joins 10:20, leaves 10:50   nothing: at the hour's end it was no member
 * </pre>
 *
 * @param payer the organization's management account, which pays for all; a member itself
 * @param leftAt null while it is a member
 */
public record Membership(
        String organizationId,
        AccountId payer,
        AccountId account,
        Instant joinedAt,
        @Nullable Instant leftAt) {

    /** The start of the first hour that counts. */
    Instant from() {
        return joinedAt.truncatedTo(ChronoUnit.HOURS);
    }

    /** The end of the last hour that counts; null while it is a member. */
    @Nullable
    Instant until() {
        return leftAt == null ? null : leftAt.truncatedTo(ChronoUnit.HOURS);
    }

    boolean counts(Instant at) {
        Instant until = until();
        return !at.isBefore(from()) && (until == null || at.isBefore(until));
    }
}
