package io.cumulet.firewall.domain.traffic;

import io.cumulet.kernel.Cidr;

/** The other side of a rule: where traffic may come from, or go to. */
public sealed interface Peer {

    /** All addresses of a block. */
    record OfBlock(Cidr cidr) implements Peer {}

    /** The addresses of a group's members. */
    record OfGroup(String groupId) implements Peer {}

    /** All addresses of a prefix list's blocks. */
    record OfPrefixList(String prefixListId) implements Peer {}
}
