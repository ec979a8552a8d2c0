/** Dated price lists of On-Demand and Reserved Instances. */
@NullMarked
package io.cumulet.catalog.prices;

import org.jspecify.annotations.NullMarked;
