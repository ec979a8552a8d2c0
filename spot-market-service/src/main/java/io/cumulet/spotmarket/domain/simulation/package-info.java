/** What bidding strategies would have cost and gained in a price history. */
@NullMarked
package io.cumulet.spotmarket.domain.simulation;

import org.jspecify.annotations.NullMarked;
