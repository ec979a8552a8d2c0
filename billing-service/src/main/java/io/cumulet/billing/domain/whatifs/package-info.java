/** Usage as it might have been paid for. */
@NullMarked
package io.cumulet.billing.domain.whatifs;

import org.jspecify.annotations.NullMarked;
