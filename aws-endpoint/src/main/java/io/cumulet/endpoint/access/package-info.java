/** Who calls: access keys, signatures, and what a key may do. */
@NullMarked
package io.cumulet.endpoint.access;

import org.jspecify.annotations.NullMarked;
