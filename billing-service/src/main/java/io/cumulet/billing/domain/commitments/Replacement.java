package io.cumulet.billing.domain.commitments;

import io.cumulet.billing.domain.commitments.PurchasedCommitment.Reason;
import io.cumulet.billing.domain.commitments.PurchasedCommitment.Retirement;
import java.time.Instant;
import java.util.List;

/**
 * Reserved Instances that end with an hour, and what takes their place from that hour on.
 *
 * <pre>
 *   |-- retired: share of the upfront fee for its hours --|-- successors: the rest of it --|
 *   start                                                 hour                             end
 * </pre>
 *
 * @param hour the start of the first hour of the successors
 * @param retired what ends, as it is then
 * @param successors what takes its place
 */
public record Replacement(Instant hour, List<PurchasedCommitment> retired, List<PurchasedCommitment> successors) {

    static Replacement of(
            Reason reason, Instant hour, List<PurchasedCommitment> ending, List<PurchasedCommitment> successors) {
        List<String> replacedBy =
                successors.stream().map(PurchasedCommitment::id).toList();
        return new Replacement(
                hour,
                ending.stream()
                        .map(one -> one.retired(new Retirement(reason, hour, replacedBy)))
                        .toList(),
                successors);
    }
}
