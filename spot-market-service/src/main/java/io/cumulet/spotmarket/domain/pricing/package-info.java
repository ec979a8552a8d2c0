/** How the prices of pools come about. */
@NullMarked
package io.cumulet.spotmarket.domain.pricing;

import org.jspecify.annotations.NullMarked;
