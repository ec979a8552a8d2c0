/** Use cases and what they ask of store, publish and intake. */
@NullMarked
package io.cumulet.billing.app;

import org.jspecify.annotations.NullMarked;
