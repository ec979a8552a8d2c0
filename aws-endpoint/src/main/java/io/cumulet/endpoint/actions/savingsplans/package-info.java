/** Savings Plans: what is on offer, what was bought, and their rates. */
@NullMarked
package io.cumulet.endpoint.actions.savingsplans;

import org.jspecify.annotations.NullMarked;
