/** Who reaches whom, told step by step as a person asks it. */
@NullMarked
package io.cumulet.firewall.domain.reachability;

import org.jspecify.annotations.NullMarked;
