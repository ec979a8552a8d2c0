/** What charges come to by time, by what they are for, and by what commitments pay. */
@NullMarked
package io.cumulet.billing.domain.costs;

import org.jspecify.annotations.NullMarked;
