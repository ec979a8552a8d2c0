/** Groups as events. */
@NullMarked
package io.cumulet.firewall.publish;

import org.jspecify.annotations.NullMarked;
