/** What a launch asks for, and whether that can be had. Plain Java. */
@NullMarked
package io.cumulet.instances.domain.launch;

import org.jspecify.annotations.NullMarked;
