/** Who a caller is, and credentials for a while. */
@NullMarked
package io.cumulet.endpoint.actions.sts;

import org.jspecify.annotations.NullMarked;
