package io.cumulet.billing.domain.billing;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Money;
import java.time.Instant;
import java.time.YearMonth;

/**
 * What a payer was asked to pay for a month. Never changed: what turns out later is a {@link Correction} on a later one.
 *
 * @param total in whole cents
 */
public record Invoice(String id, AccountId payer, YearMonth month, Instant issuedAt, Money total) {}
