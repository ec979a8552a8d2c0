package io.cumulet.billing.app;

import io.cumulet.billing.domain.billing.Bill;
import io.cumulet.billing.domain.billing.Charge;
import io.cumulet.billing.domain.billing.Correction;
import io.cumulet.billing.domain.billing.Invoice;
import io.cumulet.kernel.AccountId;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps what was invoiced, and which months are closed. */
public interface InvoiceStore {

    /** The last month whose bill is final for a payer; empty if none is. */
    Optional<YearMonth> closedThrough(AccountId payer);

    /**
     * Closes the months of a payer up to one, in the running transaction.
     *
     * @return false if somebody else closed it first
     */
    boolean close(AccountId payer, Optional<YearMonth> before, YearMonth through);

    /** Adds an invoice with all that is on it, in the running transaction. */
    void add(Invoice invoice, List<Charge> charges, List<Correction> corrections);

    /** A payer's invoices, the latest month first. */
    List<Invoice> invoices(AccountId payer);

    /** The invoices of a month that have something of an account on them, whoever pays. */
    List<Invoice> invoicesWith(AccountId account, YearMonth month);

    Optional<Invoice> invoice(AccountId payer, YearMonth month);

    /**
     * The charges on an invoice, by their number.
     *
     * @param account whose; null for all
     */
    List<Charge> charges(Invoice invoice, @Nullable AccountId account);

    List<Correction> corrections(Invoice invoice);

    /** The corrections on an invoice as charges for the whole of the months that they correct. */
    List<Charge> correctionsAsCharges(Invoice invoice);

    /** All lines that a payer was invoiced for a month, corrections on later invoices included. */
    List<Bill.Line> invoicedFor(AccountId payer, YearMonth month);

    /** The first moment in which any of the accounts used or bought something. */
    Optional<Instant> firstUse(Collection<AccountId> accounts);

    /** All accounts that ever used or bought something. */
    Set<AccountId> accounts();
}
