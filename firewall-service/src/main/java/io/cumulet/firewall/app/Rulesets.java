package io.cumulet.firewall.app;

import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Keeps each host's ruleset. Told of every change in the transaction that makes it, after the stores have it. */
@ApplicationScoped
public class Rulesets {

    /** Interfaces came, went, moved, or changed their addresses or groups. */
    public void membersChanged(Collection<MemberStore.Change> changes) {}

    /**
     * A group's rules changed.
     *
     * @param after null once it is deleted
     */
    public void groupChanged(SecurityGroup before, @Nullable SecurityGroup after) {}

    /** A prefix list has other entries. */
    public void prefixListChanged(AccountId account, Region region, String prefixListId) {}
}
