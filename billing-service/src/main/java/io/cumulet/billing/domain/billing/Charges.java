package io.cumulet.billing.domain.billing;

import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.billing.domain.rating.Unrated;
import io.cumulet.kernel.AccountId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What accounts that share their commitments are charged in a period, as far as it is known.
 *
 * @param request what was asked
 * @param charges in no particular order
 * @param runs what was used, rated or not
 * @param unrated usage whose price isn't known; it is in no charge
 */
public record Charges(Billing.Request request, List<Charge> charges, List<UsageRun> runs, List<UnratedRun> unrated) {

    /** Usage that has no known price from an hour on. */
    public record UnratedRun(AccountId payer, UsageRun run, Unrated unrated) {

        AccountId account() {
            return run.thing().account();
        }
    }

    /** What an account used and bought itself, whoever pays. */
    public Charges of(AccountId account) {
        return only(
                charge -> charge.account().equals(account),
                Set.of(account),
                one -> one.account().equals(account));
    }

    /** What an account pays, for itself or as its organization's management account. */
    public Charges paidBy(AccountId payer) {
        Set<AccountId> accounts = new HashSet<>(Set.of(payer));
        charges.stream()
                .filter(charge -> charge.payer().equals(payer))
                .forEach(charge -> accounts.add(charge.account()));
        return only(
                charge -> charge.payer().equals(payer),
                accounts,
                one -> one.payer().equals(payer));
    }

    /** What an account used and bought itself, whoever pays, and what it pays for others. */
    public Charges seenBy(AccountId account) {
        Set<AccountId> accounts = new HashSet<>(Set.of(account));
        charges.stream()
                .filter(charge -> charge.payer().equals(account))
                .forEach(charge -> accounts.add(charge.account()));
        return only(
                charge -> charge.account().equals(account) || charge.payer().equals(account),
                accounts,
                one -> one.account().equals(account) || one.payer().equals(account));
    }

    /** The instances that something is charged for. */
    public Set<String> instanceIds() {
        Set<String> ids = new HashSet<>();
        for (Charge charge : charges) {
            String id = charge.thing() == null ? null : charge.resourceId();
            if (id != null) {
                ids.add(id);
            }
        }
        return ids;
    }

    private Charges only(Predicate<Charge> charge, Set<AccountId> accounts, Predicate<UnratedRun> one) {
        return new Charges(
                request,
                charges.stream().filter(charge).toList(),
                runs.stream()
                        .filter(run -> accounts.contains(run.thing().account()))
                        .toList(),
                unrated.stream().filter(one).toList());
    }
}
