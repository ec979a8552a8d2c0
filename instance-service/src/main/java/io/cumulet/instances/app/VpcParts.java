package io.cumulet.instances.app;

import io.cumulet.instances.domain.network.DhcpOptions;
import io.cumulet.instances.domain.network.InternetGateway;
import io.cumulet.instances.domain.network.NetworkAcl;
import io.cumulet.instances.domain.network.RouteTable;
import io.cumulet.instances.domain.network.Vpc;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a VPC is made with and goes with: its main route table and its default network ACL; and what keeps it from being
 * deleted. In the transaction that makes or deletes the VPC.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html">DeleteVpc</a>
 */
@ApplicationScoped
class VpcParts {

    private final RouteTableStore tables;
    private final InternetGatewayStore gateways;
    private final NetworkAclStore acls;
    private final DhcpOptionsStore dhcpOptions;

    VpcParts(
            RouteTableStore tables, InternetGatewayStore gateways, NetworkAclStore acls, DhcpOptionsStore dhcpOptions) {
        this.tables = tables;
        this.gateways = gateways;
        this.acls = acls;
        this.dhcpOptions = dhcpOptions;
    }

    void make(Vpc vpc, Instant now) {
        RouteTable main = RouteTable.of(vpc, true, Map.of(), now);
        acls.insert(NetworkAcl.defaultOf(vpc, now));
        if (vpc.isDefault()) {
            // The only VPC that has a way to the Internet by itself.
            InternetGateway gateway = new InternetGateway(
                    ResourceKind.INTERNET_GATEWAY.newId(), vpc.account(), vpc.region(), false, vpc.id(), Map.of(), now);
            gateways.insert(gateway);
            main = main.with(Cidr.EVERY_IPV4.toString(), gateway.id(), vpc).orThrow();
        }
        tables.insert(main);
    }

    /** The DHCP options that VPCs have at first, beside the account's first VPC. */
    void makeDhcpOptions(AccountId account, Region region, Instant now) {
        dhcpOptions.insert(DhcpOptions.defaultOf(account, region, now));
    }

    /** The id of the DHCP options that a new VPC gets: empty if the account has deleted those it had at first. */
    Optional<String> dhcpOptions(AccountId account, Region region) {
        return dhcpOptions
                .lock(account, region, DhcpOptions.defaultId(account, region))
                .map(DhcpOptions::id);
    }

    /** What its owner has made there and has to take away first. */
    Optional<String> ofOwner(Vpc vpc) {
        return gateways.ofVpc(vpc.id()).stream()
                .map(gateway ->
                        (gateway.egressOnly() ? "egress-only internet gateway " : "internet gateway ") + gateway.id())
                .findFirst()
                .or(() -> tables.ofVpc(vpc.id()).stream()
                        .filter(table -> !table.isMain())
                        .map(table -> "route table " + table.id())
                        .findFirst())
                .or(() -> acls.ofVpc(vpc.id()).stream()
                        .filter(acl -> !acl.isDefault())
                        .map(acl -> "network ACL " + acl.id())
                        .findFirst());
    }

    /** Of a VPC in which nothing else is left. */
    void remove(Vpc vpc) {
        tables.ofVpc(vpc.id()).forEach(table -> tables.delete(table.id()));
        acls.ofVpc(vpc.id()).forEach(acl -> acls.delete(acl.id()));
    }
}
