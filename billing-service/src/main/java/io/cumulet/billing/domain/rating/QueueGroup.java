package io.cumulet.billing.domain.rating;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * Usage that a payer takes in usage order, for it costs the payer the same each second.
 *
 * @param unitsPerSecond what a second costs, in the units of the payer's budget; above 0
 */
record QueueGroup(BigFraction unitsPerSecond, List<UsageQueue> queues) {

    private static final Comparator<UsageQueue> BY_FRONT = Comparator.comparingInt(UsageQueue::rankOfFront);

    /**
     * Takes as much as can be paid for, from the front.
     *
     * @param units what there is to spend
     * @return what was spent
     */
    BigFraction take(Payer payer, BigFraction units) {
        List<UsageQueue> waiting = new ArrayList<>();
        long wholeSeconds = 0;
        BigFraction takenOfFronts = BigFraction.ZERO;
        for (UsageQueue queue : queues) {
            if (!queue.isUsedUp()) {
                waiting.add(queue);
                wholeSeconds += queue.secondsFromFront();
                takenOfFronts = takenOfFronts.add(queue.takenOfFront());
            }
        }
        if (waiting.isEmpty()) {
            return BigFraction.ZERO;
        }
        BigFraction cost = BigFraction.of(wholeSeconds).subtract(takenOfFronts).multiply(unitsPerSecond);
        if (cost.compareTo(units) <= 0) {
            waiting.forEach(queue -> queue.takeAll(payer));
            return cost;
        }
        Affordable affordable = new Affordable(units.divide(unitsPerSecond));
        PriorityQueue<UsageQueue> byFront = new PriorityQueue<>(waiting.size(), BY_FRONT);
        byFront.addAll(waiting);
        Set<UsageQueue> touched = new LinkedHashSet<>();
        while (!affordable.isSpent()) {
            // There is more than can be paid for, so that one is always left.
            UsageQueue queue = byFront.remove();
            touched.add(queue);
            int next = byFront.isEmpty() ? Integer.MAX_VALUE : byFront.element().rankOfFront();
            do {
                queue.takeFront(affordable);
            } while (!affordable.isSpent() && !queue.isUsedUp() && queue.rankOfFront() < next);
            if (!queue.isUsedUp()) {
                byFront.add(queue);
            }
        }
        touched.forEach(queue -> queue.endShare(payer));
        return units;
    }
}
