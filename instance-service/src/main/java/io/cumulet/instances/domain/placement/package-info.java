/** Hosts, what they hold, and which one an instance lands on. Plain Java. */
@NullMarked
package io.cumulet.instances.domain.placement;

import org.jspecify.annotations.NullMarked;
