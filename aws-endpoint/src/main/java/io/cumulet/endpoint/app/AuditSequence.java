package io.cumulet.endpoint.app;

import io.cumulet.kernel.AccountId;

/** Numbers an account's audit events without a gap. Part of the running transaction. */
public interface AuditSequence {

    /**
     * Takes the next numbers. Whoever else wants some of the account's waits until the transaction ends, so that its events
     * have one order.
     *
     * @return the first of them; an account's first is 1
     */
    long take(AccountId account, int count);
}
