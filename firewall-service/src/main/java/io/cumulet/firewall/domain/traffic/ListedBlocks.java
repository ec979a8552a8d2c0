package io.cumulet.firewall.domain.traffic;

import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.CidrSet;
import io.cumulet.kernel.IpAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What prefix lists hold, by their ids. One that isn't here holds nothing. Immutable. */
public final class ListedBlocks {

    public static final ListedBlocks NONE = new ListedBlocks(Map.of());

    private final Map<String, List<Cidr>> blocks;
    private final Map<String, CidrSet> sets = new HashMap<>();

    public ListedBlocks(Map<String, List<Cidr>> blocks) {
        this.blocks = Map.copyOf(blocks);
        blocks.forEach((id, list) -> sets.put(id, new CidrSet(list)));
    }

    public boolean contains(String prefixListId, IpAddress address) {
        CidrSet set = sets.get(prefixListId);
        return set != null && set.contains(address);
    }

    public Collection<Cidr> blocks(String prefixListId) {
        return blocks.getOrDefault(prefixListId, List.of());
    }
}
