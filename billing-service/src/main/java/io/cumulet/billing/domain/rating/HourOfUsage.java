package io.cumulet.billing.domain.rating;

import java.util.Collection;

/**
 * One clock hour with all that is used in it, standing for itself and those after it in which everything is the same.
 *
 * @param hour hours since the epoch
 * @param hours how many hours it stands for, itself included
 * @param instances runs that are no spot, in usage order
 * @param unusedReservations what capacity reservations held and nobody used, in usage order
 * @param hosts allocated hosts, by allocation, then id
 */
record HourOfUsage(
        long hour,
        long hours,
        Collection<UsageItem> instances,
        Collection<UsageItem> unusedReservations,
        Collection<UsageItem> hosts) {

    long startSecond() {
        return hour * RatedSegment.STEP_SECONDS;
    }
}
