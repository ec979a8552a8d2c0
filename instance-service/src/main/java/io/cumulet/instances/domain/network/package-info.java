/** Subnets and the private addresses in them. Plain Java. */
@NullMarked
package io.cumulet.instances.domain.network;

import org.jspecify.annotations.NullMarked;
