/** What would have been best to buy. */
@NullMarked
package io.cumulet.billing.domain.recommendations;

import org.jspecify.annotations.NullMarked;
