/** Images. */
@NullMarked
package io.cumulet.endpoint.actions.images;

import org.jspecify.annotations.NullMarked;
