package io.cumulet.instances.app;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which security groups an account has in a region: from our copy of the firewall's groups, and where that doesn't know, from the firewall. */
@ApplicationScoped
public class SecurityGroups {

    private final GroupCopies copies;
    private final Firewall firewall;

    public SecurityGroups(GroupCopies copies, Firewall firewall) {
        this.copies = copies;
        this.firewall = firewall;
    }

    /** The refusal if one of the groups doesn't exist for this account and region. Blocks. */
    public Optional<Refusal> unknown(List<String> groupIds, AccountId account, Region region) {
        List<String> toAsk = new ArrayList<>(groupIds);
        toAsk.remove(DefaultNetwork.securityGroupId(account, region));
        if (toAsk.isEmpty()) {
            return Optional.empty();
        }
        Set<String> known = copies.known(toAsk, account, region);
        for (String id : toAsk) {
            // Its creation may still be on the way from Kafka, so the firewall has the last word.
            if (!known.contains(id) && !firewall.hasGroup(id, account, region)) {
                return Optional.of(Refusal.of(
                        ErrorCode.GROUP_NOT_FOUND,
                        "securityGroupIds",
                        "The security group '" + id + "' does not exist"));
            }
        }
        return Optional.empty();
    }

    /** Our copy of the firewall's groups. */
    public interface GroupCopies {
        /** Those of the ids that exist for an account in a region. */
        Set<String> known(List<String> groupIds, AccountId account, Region region);
    }

    /** The firewall itself. */
    public interface Firewall {
        /**
         * @throws io.cumulet.kernel.RefusedException {@code Unavailable} if it can't be asked
         */
        boolean hasGroup(String groupId, AccountId account, Region region);
    }
}
