/** What can be done with network interfaces and elastic addresses, and what follows from it. */
@NullMarked
package io.cumulet.instances.domain.interfaces;

import org.jspecify.annotations.NullMarked;
