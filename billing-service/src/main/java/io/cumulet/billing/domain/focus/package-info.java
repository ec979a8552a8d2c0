/**
 * Charges in the words of FOCUS 1.2, the FinOps Open Cost and Usage Specification.
 *
 * @see <a href="https://focus.finops.org/focus-specification/v1-2/">FOCUS 1.2</a>
 */
@NullMarked
package io.cumulet.billing.domain.focus;

import org.jspecify.annotations.NullMarked;
