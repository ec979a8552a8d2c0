package io.cumulet.firewall.domain.traffic;

import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.IpAddress;
import java.util.Collection;

/** The other side of a rule: where traffic may come from, or go to. */
public sealed interface Peer {

    /**
     * Whether an address is on this side.
     *
     * @param groupIds the groups of who has the address in the rule's VPC; none if nobody has it
     */
    boolean includes(IpAddress address, Collection<String> groupIds, ListedBlocks prefixLists);

    /** All addresses of a block. */
    record OfBlock(Cidr cidr) implements Peer {
        @Override
        public boolean includes(IpAddress address, Collection<String> groupIds, ListedBlocks prefixLists) {
            return cidr.contains(address);
        }
    }

    /** The addresses of a group's members. */
    record OfGroup(String groupId) implements Peer {
        @Override
        public boolean includes(IpAddress address, Collection<String> groupIds, ListedBlocks prefixLists) {
            return groupIds.contains(groupId);
        }
    }

    /** All addresses of a prefix list's blocks. */
    record OfPrefixList(String prefixListId) implements Peer {
        @Override
        public boolean includes(IpAddress address, Collection<String> groupIds, ListedBlocks prefixLists) {
            return prefixLists.contains(prefixListId, address);
        }
    }
}
