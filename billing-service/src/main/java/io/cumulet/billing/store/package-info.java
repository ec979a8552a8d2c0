/** PostgreSQL: facts, runs, spot prices. */
@NullMarked
package io.cumulet.billing.store;

import org.jspecify.annotations.NullMarked;
