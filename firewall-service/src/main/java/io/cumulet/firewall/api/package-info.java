/** REST: security groups, their rules, evaluations. */
@NullMarked
package io.cumulet.firewall.api;

import org.jspecify.annotations.NullMarked;
