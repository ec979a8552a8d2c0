/** Limits on what a month costs, and when somebody is told that they are passed. */
@NullMarked
package io.cumulet.billing.domain.budgets;

import org.jspecify.annotations.NullMarked;
