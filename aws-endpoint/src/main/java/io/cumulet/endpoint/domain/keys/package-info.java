/** Access keys, what they may do, and how their secrets are kept. Plain Java. */
@NullMarked
package io.cumulet.endpoint.domain.keys;

import org.jspecify.annotations.NullMarked;
