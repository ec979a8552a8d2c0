/** The bill of an account for a month, made of rated usage. */
@NullMarked
package io.cumulet.billing.domain.billing;

import org.jspecify.annotations.NullMarked;
