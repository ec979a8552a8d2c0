/** REST: what the endpoint offers besides AWS's protocols. */
@NullMarked
package io.cumulet.endpoint.api;

import org.jspecify.annotations.NullMarked;
