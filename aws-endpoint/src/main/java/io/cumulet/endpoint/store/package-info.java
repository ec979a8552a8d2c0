/** Persistence. */
@NullMarked
package io.cumulet.endpoint.store;

import org.jspecify.annotations.NullMarked;
