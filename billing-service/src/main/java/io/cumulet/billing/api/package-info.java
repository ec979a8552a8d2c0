/** REST: usage, bills, prices, ratings. */
@NullMarked
package io.cumulet.billing.api;

import org.jspecify.annotations.NullMarked;
