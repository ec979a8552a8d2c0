/** What the suite is told. */
@NullMarked
package io.cumulet.endpoint.publish;

import org.jspecify.annotations.NullMarked;
