/** Key pairs. */
@NullMarked
package io.cumulet.endpoint.actions.keypairs;

import org.jspecify.annotations.NullMarked;
