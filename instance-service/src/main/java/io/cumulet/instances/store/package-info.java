/** PostgreSQL: plain SQL in batches for the committers, reads for the rest. */
@NullMarked
package io.cumulet.instances.store;

import org.jspecify.annotations.NullMarked;
