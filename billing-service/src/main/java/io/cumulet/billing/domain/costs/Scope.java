package io.cumulet.billing.domain.costs;

import io.cumulet.billing.domain.billing.Charges;
import io.cumulet.kernel.AccountId;
import java.util.Optional;

/** Whose charges an account looks at. */
public enum Scope {
    /** What it used and bought itself, whoever pays. */
    OWN("own") {
        @Override
        public Charges of(Charges charges, AccountId account) {
            return charges.of(account);
        }
    },
    /** What it pays, for itself or as its organization's management account. */
    CONSOLIDATED("consolidated") {
        @Override
        public Charges of(Charges charges, AccountId account) {
            return charges.paidBy(account);
        }
    };

    private final String code;

    Scope(String code) {
        this.code = code;
    }

    /** The part of the charges that the account looks at. */
    public abstract Charges of(Charges charges, AccountId account);

    /** The name in queries. */
    public String code() {
        return code;
    }

    public static Optional<Scope> ofCode(String code) {
        for (Scope scope : values()) {
            if (scope.code.equals(code)) {
                return Optional.of(scope);
            }
        }
        return Optional.empty();
    }
}
