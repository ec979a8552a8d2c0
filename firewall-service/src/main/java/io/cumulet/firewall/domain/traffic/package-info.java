/** Addresses, blocks, protocols, peers: what a rule says about a packet. */
@NullMarked
package io.cumulet.firewall.domain.traffic;

import org.jspecify.annotations.NullMarked;
