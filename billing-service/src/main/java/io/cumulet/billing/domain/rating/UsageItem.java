package io.cumulet.billing.domain.rating;

/**
 * What one owner uses in each of some consecutive clock hours: the same seconds in every one of them. For held capacity
 * that is what is held, used or not.
 */
record UsageItem(UsageOwner owner, long firstHour, long untilHour, long secondsEachHour) {}
