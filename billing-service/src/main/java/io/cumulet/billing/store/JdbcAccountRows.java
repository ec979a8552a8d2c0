package io.cumulet.billing.store;

import io.cumulet.billing.app.BillingReset;
import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.suite.AccountRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** All that billing's tables hold of one account. A new table is a line here, before those that it refers to. */
@ApplicationScoped
class JdbcAccountRows implements BillingReset.Store {

    private static final String INVOICES = "invoice_id IN (SELECT id FROM invoice WHERE payer = ?)";
    private static final String ORGANIZATIONS =
            "organization_id IN (SELECT id FROM organization WHERE management_account = ?)";

    private static final List<String> STATEMENTS = List.of(
            // Only in this transaction: what is written once may go.
            "SELECT set_config('cumulet.account_reset', ?, true)",
            "DELETE FROM invoice_charge WHERE " + INVOICES,
            "DELETE FROM invoice_correction WHERE " + INVOICES,
            "DELETE FROM invoice WHERE payer = ?",
            "DELETE FROM posting WHERE entry_id IN (SELECT id FROM journal_entry WHERE account = ?)",
            "DELETE FROM journal_entry WHERE account = ?",
            "DELETE FROM closed_month WHERE payer = ?",
            "DELETE FROM late_usage WHERE account = ?",
            "DELETE FROM late_usage_billed WHERE account = ?",
            "DELETE FROM late_usage_billed WHERE payer = ?",
            "DELETE FROM timer WHERE kind IN ('commitment-starts', 'commitment-ends')"
                    + " AND subject IN (SELECT id FROM commitment WHERE account = ?)",
            "DELETE FROM timer WHERE kind IN ('budgets', 'payer-closes') AND split_part(subject, '@', 1) = ?",
            "DELETE FROM reserved_instances_listing WHERE account = ?",
            "DELETE FROM reserved_instances_change WHERE account = ?",
            "DELETE FROM commitment WHERE account = ?",
            "DELETE FROM budget WHERE account = ?",
            "DELETE FROM budgeted_account WHERE account = ?",
            "DELETE FROM organization_invitation WHERE account = ?",
            "DELETE FROM organization_invitation WHERE " + ORGANIZATIONS,
            "DELETE FROM organization_member WHERE account = ?",
            "DELETE FROM organization_member WHERE " + ORGANIZATIONS,
            "DELETE FROM organization WHERE management_account = ?",
            "DELETE FROM usage_run WHERE account = ?",
            "DELETE FROM instance_tags WHERE instance_id IN (SELECT instance_id FROM lifecycle_fact WHERE account = ?)",
            "DELETE FROM lifecycle_fact WHERE account = ?");

    private final AccountRows rows;

    JdbcAccountRows(AccountRows rows) {
        this.rows = rows;
    }

    @Override
    public void delete(AccountId account) {
        rows.run(STATEMENTS, account);
    }
}
