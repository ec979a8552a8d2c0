package io.cumulet.instances.app;

import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.suite.AccountReset;
import io.cumulet.plumbing.suite.AccountRows;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** Takes an account's route tables, gateways, network ACLs and DHCP options away, before the VPCs that have them. */
@ApplicationScoped
@Priority(NetworksReset.PRIORITY + 5)
public class VpcPartsReset implements AccountReset {

    private final AccountRows rows;

    public VpcPartsReset(AccountRows rows) {
        this.rows = rows;
    }

    @Override
    public void reset(AccountId account, Instant at) {
        rows.run(List.of("UPDATE subnet SET route_table_id = NULL, network_acl_id = NULL WHERE account = ?"), account);
        rows.delete(List.of("internet_gateway", "network_acl", "route_table", "dhcp_options"), account);
    }
}
