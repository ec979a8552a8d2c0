/** The files that a FOCUS dataset is written as. */
@NullMarked
package io.cumulet.billing.api.focus;

import org.jspecify.annotations.NullMarked;
