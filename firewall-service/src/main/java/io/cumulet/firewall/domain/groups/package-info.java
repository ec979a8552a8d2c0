/** Security groups and what may be done with them. */
@NullMarked
package io.cumulet.firewall.domain.groups;

import org.jspecify.annotations.NullMarked;
