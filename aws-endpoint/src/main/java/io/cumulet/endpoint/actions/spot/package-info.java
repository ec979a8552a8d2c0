/** Spot requests, prices and placement scores. */
@NullMarked
package io.cumulet.endpoint.actions.spot;

import org.jspecify.annotations.NullMarked;
