package io.cumulet.e2e.aws;

import static io.cumulet.e2e.aws.AwsClients.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.cumulet.e2e.RunningStack;
import io.cumulet.localstack.LocalStack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Address;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.NetworkAcl;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.Route;
import software.amazon.awssdk.services.ec2.model.RouteState;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.RuleAction;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.VpcAttributeName;

/** A network as infrastructure tools build it, look at it and take it down. */
@ExtendWith(RunningStack.class)
class NetworksIT {

    private static Filter filter(String name, String... values) {
        return Filter.builder().name(name).values(values).build();
    }

    private static RouteTable mainTable(Ec2Client ec2, String vpc) {
        return ec2.describeRouteTables(all -> all.filters(filter("association.main", "true"), filter("vpc-id", vpc)))
                .routeTables()
                .getFirst();
    }

    @Test
    void aNetworkIsBuiltAndTakenDownInOrder(LocalStack stack) {
        try (Ec2Client ec2 = AwsClients.ofNewAccount(stack).ec2()) {
            String vpc =
                    ec2.createVpc(wish -> wish.cidrBlock("10.0.0.0/16")).vpc().vpcId();
            Subnet subnet = ec2.createSubnet(
                            wish -> wish.vpcId(vpc).cidrBlock("10.0.1.0/24").availabilityZone("us-east-1b"))
                    .subnet();
            assertThat(subnet.availableIpAddressCount()).isEqualTo(251);
            ec2.modifySubnetAttribute(
                    wish -> wish.subnetId(subnet.subnetId()).mapPublicIpOnLaunch(on -> on.value(true)));
            assertThat(ec2.describeSubnets(all ->
                                    all.filters(filter("vpc-id", vpc), filter("map-public-ip-on-launch", "true")))
                            .subnets())
                    .hasSize(1);

            String gateway =
                    ec2.createInternetGateway(wish -> {}).internetGateway().internetGatewayId();
            ec2.attachInternetGateway(wish -> wish.internetGatewayId(gateway).vpcId(vpc));
            String table =
                    ec2.createRouteTable(wish -> wish.vpcId(vpc)).routeTable().routeTableId();
            ec2.createRoute(wish ->
                    wish.routeTableId(table).destinationCidrBlock("0.0.0.0/0").gatewayId(gateway));
            String association = ec2.associateRouteTable(
                            wish -> wish.routeTableId(table).subnetId(subnet.subnetId()))
                    .associationId();
            RouteTable seen = ec2.describeRouteTables(
                            all -> all.filters(filter("association.route-table-association-id", association)))
                    .routeTables()
                    .getFirst();
            assertThat(seen.routeTableId()).isEqualTo(table);
            assertThat(seen.routes()).extracting(Route::gatewayId).containsExactly("local", gateway);
            assertThat(seen.routes()).extracting(Route::state).containsOnly(RouteState.ACTIVE);

            assertThat(codeOf(() -> ec2.deleteVpc(wish -> wish.vpcId(vpc)))).isEqualTo("DependencyViolation");
            assertThat(codeOf(() -> ec2.deleteRouteTable(wish -> wish.routeTableId(table))))
                    .isEqualTo("DependencyViolation");
            assertThat(codeOf(() -> ec2.deleteInternetGateway(wish -> wish.internetGatewayId(gateway))))
                    .isEqualTo("DependencyViolation");
            ec2.disassociateRouteTable(wish -> wish.associationId(association));
            ec2.deleteRouteTable(wish -> wish.routeTableId(table));
            ec2.deleteSubnet(wish -> wish.subnetId(subnet.subnetId()));
            ec2.detachInternetGateway(wish -> wish.internetGatewayId(gateway).vpcId(vpc));
            ec2.deleteInternetGateway(wish -> wish.internetGatewayId(gateway));
            String main = mainTable(ec2, vpc).routeTableId();
            ec2.deleteVpc(wish -> wish.vpcId(vpc));
            assertThat(codeOf(() -> ec2.describeRouteTables(all -> all.routeTableIds(main))))
                    .isEqualTo("InvalidRouteTableID.NotFound");
        }
    }

    @Test
    void everyAccountHasItsDefaultNetworkAndAVpcItsParts(LocalStack stack) {
        try (Ec2Client ec2 = AwsClients.ofNewAccount(stack).ec2()) {
            String vpc = ec2.describeInternetGateways(all -> all.filters(filter("attachment.state", "available")))
                    .internetGateways()
                    .getFirst()
                    .attachments()
                    .getFirst()
                    .vpcId();
            assertThat(mainTable(ec2, vpc).routes())
                    .extracting(Route::destinationCidrBlock)
                    .containsExactly("172.31.0.0/16", "0.0.0.0/0");
            NetworkAcl acl = ec2.describeNetworkAcls(
                            all -> all.filters(filter("default", "true"), filter("vpc-id", vpc)))
                    .networkAcls()
                    .getFirst();
            assertThat(acl.entries()).extracting(entry -> entry.ruleNumber()).containsExactly(100, 32767, 100, 32767);
            assertThat(ec2.describeVpcAttribute(all -> all.vpcId(vpc).attribute(VpcAttributeName.ENABLE_DNS_HOSTNAMES))
                            .enableDnsHostnames()
                            .value())
                    .isTrue();
            assertThat(ec2.describeDhcpOptions(all -> all.filters(filter("value", "AmazonProvidedDNS")))
                            .dhcpOptions())
                    .hasSize(1);

            String own =
                    ec2.createNetworkAcl(wish -> wish.vpcId(vpc)).networkAcl().networkAclId();
            ec2.createNetworkAclEntry(wish -> wish.networkAclId(own)
                    .egress(false)
                    .ruleNumber(10)
                    .protocol("tcp")
                    .ruleAction(RuleAction.ALLOW)
                    .cidrBlock("10.0.0.0/8")
                    .portRange(ports -> ports.from(22).to(22)));
            String first = acl.associations().getFirst().networkAclAssociationId();
            ec2.replaceNetworkAclAssociation(wish -> wish.associationId(first).networkAclId(own));
            assertThat(ec2.describeNetworkAcls(all ->
                                    all.filters(filter("entry.port-range.from", "22"), filter("entry.protocol", "tcp")))
                            .networkAcls())
                    .singleElement()
                    .satisfies(found -> assertThat(found.associations()).hasSize(1));
            assertThat(codeOf(() -> ec2.deleteNetworkAcl(wish -> wish.networkAclId(own))))
                    .isEqualTo("DependencyViolation");
        }
    }

    @Test
    void anInterfaceIsToldOfWithItsGroupsAndAddresses(LocalStack stack) {
        try (Ec2Client ec2 = AwsClients.ofNewAccount(stack).ec2()) {
            String subnet = ec2.describeSubnets().subnets().getFirst().subnetId();
            NetworkInterface made = ec2.createNetworkInterface(
                            wish -> wish.subnetId(subnet).secondaryPrivateIpAddressCount(1))
                    .networkInterface();
            assertThat(made.macAddress()).matches("0a(:[0-9a-f]{2}){5}");
            assertThat(made.privateDnsName()).endsWith(".ec2.internal");
            assertThat(made.groups())
                    .singleElement()
                    .satisfies(group -> assertThat(group.groupName()).isEqualTo("default"));
            String allocation = ec2.allocateAddress(wish -> {}).allocationId();
            String association = ec2.associateAddress(
                            wish -> wish.allocationId(allocation).networkInterfaceId(made.networkInterfaceId()))
                    .associationId();
            NetworkInterface seen = ec2.describeNetworkInterfaces(
                            all -> all.filters(filter("association.allocation-id", allocation)))
                    .networkInterfaces()
                    .getFirst();
            assertThat(seen.association().associationId()).isEqualTo(association);
            Address address = ec2.describeAddresses(
                            all -> all.filters(filter("network-interface-id", made.networkInterfaceId())))
                    .addresses()
                    .getFirst();
            assertThat(address.publicIp()).isEqualTo(seen.association().publicIp());
            assertThat(codeOf(() -> ec2.detachInternetGateway(wish -> wish.vpcId(made.vpcId())
                            .internetGatewayId(ec2.describeInternetGateways()
                                    .internetGateways()
                                    .getFirst()
                                    .internetGatewayId()))))
                    .isEqualTo("DependencyViolation");
            assertThat(codeOf(() -> ec2.releaseAddress(wish -> wish.allocationId(allocation))))
                    .isEqualTo("InvalidIPAddress.InUse");
            ec2.disassociateAddress(wish -> wish.associationId(association));
            ec2.releaseAddress(wish -> wish.allocationId(allocation));
            assertThat(ec2.assignPrivateIpAddresses(wish -> wish.networkInterfaceId(made.networkInterfaceId())
                                    .secondaryPrivateIpAddressCount(2))
                            .assignedPrivateIpAddresses())
                    .hasSize(2);
            ec2.deleteNetworkInterface(wish -> wish.networkInterfaceId(made.networkInterfaceId()));
            assertThat(codeOf(() ->
                            ec2.describeNetworkInterfaces(all -> all.networkInterfaceIds(made.networkInterfaceId()))))
                    .isEqualTo("InvalidNetworkInterfaceID.NotFound");
        }
    }
}
