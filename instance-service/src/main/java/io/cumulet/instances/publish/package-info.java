/** Domain events as contract events. */
@NullMarked
package io.cumulet.instances.publish;

import org.jspecify.annotations.NullMarked;
