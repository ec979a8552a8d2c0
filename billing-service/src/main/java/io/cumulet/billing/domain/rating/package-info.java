/**
 * The rating of usage: a pure function from a scenario (usage and the prices of its period) to rated rows. It reads no
 * clock, no database and no network, so that bills, what-ifs and re-ratings share it.
 *
 * <p>Usage is cut at UTC clock hours into items. Hours in which nothing changes form a stretch, and a stretch is rated
 * once, so that cost grows with the changes of usage and not with its hours:
 *
 * <pre>
 *   run a   |   ======|=========|=========|====     |
 *   run b   |         |=========|=========|=========|
 *   hours   |    0    |    1    |    2    |    3    |
 *   stretch |----1----|---------2---------|----3----|
 * </pre>
 *
 * <p>Within a stretch usage stands in queues ({@code UsageQueue}), one for all that no rule can tell apart. Payers take
 * from their front one after another, in the order of {@code AccountsRating}: free tier, commitments ({@code
 * CommitmentStages}), list price. Spot ({@code SpotCharges}) stands outside of this order.
 */
@NullMarked
package io.cumulet.billing.domain.rating;

import org.jspecify.annotations.NullMarked;
