/** REST: access keys. */
@NullMarked
package io.cumulet.endpoint.api;

import org.jspecify.annotations.NullMarked;
