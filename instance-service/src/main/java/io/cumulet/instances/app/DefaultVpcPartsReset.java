package io.cumulet.instances.app;

import io.cumulet.instances.domain.network.Vpc;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.suite.AccountReset;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/** Gives an account's default VPCs, which a reset leaves, what they are made with. */
@ApplicationScoped
@Priority(NetworksReset.PRIORITY - 5)
public class DefaultVpcPartsReset implements AccountReset {

    private final AccountContents contents;
    private final NetworkStore networks;
    private final VpcParts parts;

    public DefaultVpcPartsReset(AccountContents contents, NetworkStore networks, VpcParts parts) {
        this.contents = contents;
        this.networks = networks;
        this.parts = parts;
    }

    @Override
    public void reset(AccountId account, Instant at) {
        for (Region region : contents.regions(account)) {
            if (networks.hadDefault(account, region)) {
                Vpc vpc = networks.lockDefaultVpc(account, region).vpc();
                parts.makeDhcpOptions(account, region, at);
                parts.make(vpc, at);
            }
        }
    }
}
