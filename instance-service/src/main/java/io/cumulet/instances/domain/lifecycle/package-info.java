/** What happens to one instance: states, commands, decisions. Plain Java. */
@NullMarked
package io.cumulet.instances.domain.lifecycle;

import org.jspecify.annotations.NullMarked;
