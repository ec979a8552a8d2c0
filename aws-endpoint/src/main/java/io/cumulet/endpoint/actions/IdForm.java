package io.cumulet.endpoint.actions;

import io.cumulet.endpoint.protocol.AwsError;
import io.cumulet.endpoint.services.RestService;
import io.cumulet.kernel.ResourceKind;

/**
 * What ids of a kind begin with, and EC2's code for one that doesn't. The spelling is EC2's, kind by kind. EC2 looks at the
 * beginning alone: what is wrong behind it isn't there.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html">EC2 error codes</a>
 */
public enum IdForm {
    VPC(ResourceKind.VPC, "InvalidVpcID"),
    SUBNET(ResourceKind.SUBNET, "InvalidSubnetID"),
    NETWORK_INTERFACE(ResourceKind.NETWORK_INTERFACE, "InvalidNetworkInterfaceId"),
    NETWORK_INTERFACE_ATTACHMENT(ResourceKind.NETWORK_INTERFACE_ATTACHMENT, "InvalidNetworkInterfaceAttachmentId"),
    ROUTE_TABLE(ResourceKind.ROUTE_TABLE, "InvalidRouteTableId"),
    INTERNET_GATEWAY(ResourceKind.INTERNET_GATEWAY, "InvalidInternetGatewayId"),
    EGRESS_ONLY_INTERNET_GATEWAY(ResourceKind.EGRESS_ONLY_INTERNET_GATEWAY, "InvalidEgressOnlyInternetGatewayId"),
    NETWORK_ACL(ResourceKind.NETWORK_ACL, "InvalidNetworkAclId"),
    DHCP_OPTIONS(ResourceKind.DHCP_OPTIONS, "InvalidDhcpOptionsId"),
    SECURITY_GROUP(ResourceKind.SECURITY_GROUP, "InvalidGroupId"),
    SECURITY_GROUP_RULE(ResourceKind.SECURITY_GROUP_RULE, "InvalidSecurityGroupRuleId"),
    PREFIX_LIST(ResourceKind.PREFIX_LIST, "InvalidPrefixListId");

    private final String start;
    private final String code;

    IdForm(ResourceKind kind, String code) {
        this.start = kind.prefix() + "-";
        this.code = code + ".Malformed";
    }

    /** @throws AwsError with the kind's {@code Malformed} */
    public String checked(String id) {
        if (!id.startsWith(start)) {
            throw AwsError.of(code, "Invalid id: \"" + id + "\" (expecting \"" + start + "...\")");
        }
        return id;
    }

    /**
     * The path segment of the id that a call names.
     *
     * @throws AwsError if it isn't given, or can't be one
     */
    public String segment(Call call, String member) {
        return RestService.segment(checked(call.requiredText(member)));
    }
}
