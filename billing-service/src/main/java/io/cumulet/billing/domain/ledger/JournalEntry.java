package io.cumulet.billing.domain.ledger;

import io.cumulet.billing.domain.billing.Invoice;
import io.cumulet.billing.domain.rating.Category;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Money;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something that happened to money: what one ledger account gains, others lose. Never changed; a mistake is set right by
 * another entry.
 *
 * @param account whom it is about
 * @param kind what happened, such as {@code invoice}
 * @param reference what it happened with: the id of the invoice, or of what was sold
 * @param postings by ledger account: above 0 a debit, below 0 a credit. They sum up to 0
 */
public record JournalEntry(
        AccountId account, String kind, String reference, Instant postedAt, Map<String, Money> postings) {

    /** The kind of entry that an invoice makes. */
    public static final String INVOICE = "invoice";

    /** The kind of entry that a sale on the Marketplace makes. */
    public static final String MARKETPLACE_SALE = "marketplace-sale";

    /** What becomes of rounding an invoice to cents. */
    static final String ROUNDING = "rounding";

    public JournalEntry {
        postings = Map.copyOf(postings);
        Money balance = postings.values().stream().reduce(Money.ZERO, Money::plus);
        if (!balance.equals(Money.ZERO) || postings.isEmpty()) {
            throw new IllegalArgumentException("An entry balances, this one doesn't: " + postings);
        }
    }

    /**
     * An invoice: the payer owes its total, and it is revenue by category.
     *
     * @param revenue what the invoice's lines sum up to, unrounded; not all 0
     */
    public static JournalEntry of(Invoice invoice, Map<Category, Money> revenue) {
        Map<String, Money> postings = new TreeMap<>();
        Money rest = Money.ZERO;
        for (Map.Entry<Category, Money> part : revenue.entrySet()) {
            post(postings, "revenue/" + part.getKey().code(), Money.ZERO.minus(part.getValue()));
            rest = rest.plus(part.getValue());
        }
        post(postings, "receivable/" + invoice.payer(), invoice.total());
        post(postings, ROUNDING, rest.minus(invoice.total()));
        return new JournalEntry(invoice.payer(), INVOICE, invoice.id(), invoice.issuedAt(), postings);
    }

    /**
     * A sale on the Marketplace: the seller is owed the price less the fee. The buyer's invoice has the price as revenue, so
     * that it is a cost here.
     *
     * @param reference the id of what was sold
     * @param price above 0
     */
    public static JournalEntry ofSale(AccountId seller, String reference, Instant at, Money price, Money fee) {
        Map<String, Money> postings = new TreeMap<>();
        post(postings, "cost/marketplace", price);
        post(postings, "payable/" + seller, fee.minus(price));
        post(postings, "revenue/marketplace-fee", Money.ZERO.minus(fee));
        return new JournalEntry(seller, MARKETPLACE_SALE, reference, at, postings);
    }

    private static void post(Map<String, Money> postings, String ledgerAccount, Money amount) {
        if (!amount.equals(Money.ZERO)) {
            postings.put(ledgerAccount, amount);
        }
    }
}
