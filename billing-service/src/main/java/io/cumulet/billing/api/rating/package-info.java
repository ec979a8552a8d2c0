/** Scenarios and rated rows as JSON. */
@NullMarked
package io.cumulet.billing.api.rating;

import org.jspecify.annotations.NullMarked;
