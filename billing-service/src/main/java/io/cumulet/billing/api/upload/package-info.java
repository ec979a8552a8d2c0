/** Reads usage from the files that clouds bill with. */
@NullMarked
package io.cumulet.billing.api.upload;

import org.jspecify.annotations.NullMarked;
