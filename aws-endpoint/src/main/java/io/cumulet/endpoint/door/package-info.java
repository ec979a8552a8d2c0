/** Where requests come in and answers go out. */
@NullMarked
package io.cumulet.endpoint.door;

import org.jspecify.annotations.NullMarked;
