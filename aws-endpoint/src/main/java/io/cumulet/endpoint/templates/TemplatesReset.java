package io.cumulet.endpoint.templates;

import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.suite.AccountReset;
import io.cumulet.plumbing.suite.AccountRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** An account's launch templates go with its reset. */
@ApplicationScoped
class TemplatesReset implements AccountReset {

    private final AccountRows rows;

    TemplatesReset(AccountRows rows) {
        this.rows = rows;
    }

    @Override
    public void reset(AccountId account, Instant at) {
        // Versions go with them, by the foreign key.
        rows.delete(List.of("launch_template"), account);
    }
}
