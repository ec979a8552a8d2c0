/**
 * Commitments over their whole life: what was bought, and when it pays. What it pays for is decided by the rating.
 */
@NullMarked
package io.cumulet.billing.domain.commitments;

import org.jspecify.annotations.NullMarked;
