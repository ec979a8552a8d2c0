/** Dated price lists of on-demand instances. */
@NullMarked
package io.cumulet.catalog.prices;

import org.jspecify.annotations.NullMarked;
