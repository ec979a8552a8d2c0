/** Prefix lists: blocks under one name, for rules to name. */
@NullMarked
package io.cumulet.firewall.domain.prefixlists;

import org.jspecify.annotations.NullMarked;
