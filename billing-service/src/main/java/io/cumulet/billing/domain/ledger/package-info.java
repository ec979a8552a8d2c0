/** Double-entry bookkeeping of what is owed. */
@NullMarked
package io.cumulet.billing.domain.ledger;

import org.jspecify.annotations.NullMarked;
