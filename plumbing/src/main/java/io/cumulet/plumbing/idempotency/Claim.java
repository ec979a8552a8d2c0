package io.cumulet.plumbing.idempotency;

import io.cumulet.kernel.Refusal;

/** What a client token says about a request. */
public sealed interface Claim {

    /** New, or without a token: do it, then tell the result with {@link ClientTokens#complete}. */
    record Fresh() implements Claim {}

    /** Done before, with this result: answer the same. */
    record Repeat(String result) implements Claim {}

    /** The token was used for another request. */
    record Mismatch(Refusal refusal) implements Claim {}
}
