/** Fleets, in the words of both APIs that EC2 has for them. */
@NullMarked
package io.cumulet.endpoint.actions.fleets;

import org.jspecify.annotations.NullMarked;
