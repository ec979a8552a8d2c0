package io.cumulet.plumbing;

import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.RefusedException;
import io.quarkus.narayana.jta.QuarkusTransaction;
import java.util.function.Supplier;

/** A use case is one transaction; a refusal undoes what it had done, its client token's claim above all. */
public final class Transactions {

    private Transactions() {}

    public static <T> Outcome<T> decide(Supplier<Outcome<T>> useCase) {
        try {
            return Outcome.done(
                    QuarkusTransaction.requiringNew().call(() -> useCase.get().orThrow()));
        } catch (RefusedException e) {
            return Outcome.refused(e.refusal());
        }
    }

    /** What can't be refused, and answers something. */
    public static <T> T write(Supplier<T> change) {
        return QuarkusTransaction.requiringNew().call(change::get);
    }

    public static <T> T read(Supplier<T> query) {
        return QuarkusTransaction.requiringNew().call(query::get);
    }
}
