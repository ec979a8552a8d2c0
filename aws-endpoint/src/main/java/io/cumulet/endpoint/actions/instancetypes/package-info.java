/** Instance types: what they are, where they are on offer, what an account may have. */
@NullMarked
package io.cumulet.endpoint.actions.instancetypes;

import org.jspecify.annotations.NullMarked;
