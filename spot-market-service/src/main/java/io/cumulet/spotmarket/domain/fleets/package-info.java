/** Fleets: many spot requests for one target capacity. */
@NullMarked
package io.cumulet.spotmarket.domain.fleets;

import org.jspecify.annotations.NullMarked;
