package io.cumulet.plumbing.suite;

import io.cumulet.kernel.AccountId;
import io.quarkus.arc.All;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Resets one account in this service: all that its {@link AccountReset}s take away, and its client tokens. */
@ApplicationScoped
public class AccountResets {

    private final AccountRows rows;
    private final InstantSource clock;
    private final List<AccountReset> resets;

    public AccountResets(AccountRows rows, InstantSource clock, @All List<AccountReset> resets) {
        this.rows = rows;
        this.clock = clock;
        this.resets = resets;
    }

    /** Blocks; can be repeated whenever it failed half way. */
    public void reset(AccountId account) {
        resets.forEach(reset -> reset.prepare(account));
        QuarkusTransaction.requiringNew().run(() -> {
            Instant at = clock.instant();
            resets.forEach(reset -> reset.reset(account, at));
            rows.delete(List.of("client_token"), account);
        });
    }
}
