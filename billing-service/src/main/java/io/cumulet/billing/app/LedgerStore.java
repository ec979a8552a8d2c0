package io.cumulet.billing.app;

import io.cumulet.billing.domain.ledger.JournalEntry;
import io.cumulet.kernel.AccountId;
import java.util.List;

/** Keeps the ledger. */
public interface LedgerStore {

    /** Adds an entry, in the running transaction. */
    void post(JournalEntry entry);

    /** Entries about an account, by id, from behind one on. */
    List<NumberedEntry> entries(AccountId account, long afterId, int limit);

    /** An entry as it is stored. */
    record NumberedEntry(long id, JournalEntry entry) {}
}
