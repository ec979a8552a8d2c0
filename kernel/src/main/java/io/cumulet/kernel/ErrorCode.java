package io.cumulet.kernel;

/**
 * Why something was refused: EC2's code where EC2 has one, the kind of fault, and what the caller can do about it.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html">EC2 error codes</a>
 */
public enum ErrorCode {
    MISSING_PARAMETER("MissingParameter", Kind.INVALID, "Give the parameter that is named."),
    UNKNOWN_PARAMETER("UnknownParameter", Kind.INVALID, "Leave the parameter out or correct its name."),
    INVALID_PARAMETER_VALUE("InvalidParameterValue", Kind.INVALID, "Correct the value of the field that is named."),
    INVALID_PARAMETER_COMBINATION(
            "InvalidParameterCombination", Kind.INVALID, "Leave out one of the parameters that exclude each other."),
    INVALID_NEXT_TOKEN("InvalidNextToken", Kind.INVALID, "Start again without a page token."),
    INVALID_FILTER("InvalidFilter", Kind.INVALID, "Use a filter that the documentation lists."),
    MALFORMED_REQUEST("MalformedRequest", Kind.INVALID, "Send a body in the documented form."),
    INVALID_AMI_ID_NOT_FOUND("InvalidAMIID.NotFound", Kind.INVALID, "Choose an image that GET /v1/images lists."),
    INVALID_AMI_NAME("InvalidAMIName.Malformed", Kind.INVALID, "Choose another name."),
    IMAGE_UNAVAILABLE("InvalidAMIID.Unavailable", Kind.INVALID, "Choose an image that is available."),
    INVALID_KEY_FORMAT(
            "InvalidKey.Format",
            Kind.INVALID,
            "Send an RSA key of 1024, 2048 or 4096 bits or an ED25519 key, in OpenSSH's form, encoded as base64."),
    INVALID_INSTANCE_TYPE("InvalidInstanceType", Kind.INVALID, "Choose a type that GET /v1/instance-types lists."),
    INVALID_AVAILABILITY_ZONE(
            "InvalidAvailabilityZone", Kind.INVALID, "Choose a zone that GET /v1/availability-zones lists."),
    INVALID_USER_DATA("InvalidUserData.Malformed", Kind.INVALID, "Send at most 16 KiB, encoded as base64."),
    INVALID_PERMISSION_MALFORMED("InvalidPermission.Malformed", Kind.INVALID, "Correct the rule that is named."),
    INVALID_SECURITY_GROUP_IN_USE_NAME(
            "InvalidGroup.Duplicate", Kind.CONFLICT, "Choose another name; it is taken in this VPC."),
    INVALID_GROUP_RESERVED("InvalidGroup.Reserved", Kind.INVALID, "Choose another name."),
    INVALID_VPC_RANGE("InvalidVpc.Range", Kind.INVALID, "Choose a block of IPv4 from /16 to /28 that isn't reserved."),
    INVALID_SUBNET_RANGE(
            "InvalidSubnet.Range", Kind.INVALID, "Choose a block of the VPC's, from /16 to /28, or /64 of IPv6."),
    INVALID_INSTANCE_ID(
            "InvalidInstanceID", Kind.INVALID, "Name the network interface: the instance has more than one."),
    INVALID_PARAMETER("InvalidParameter", Kind.INVALID, "Choose things that belong to the same network."),
    INVALID_PERMISSION_NOT_FOUND("InvalidPermission.NotFound", Kind.INVALID, "Name a rule that the group has."),
    INVALID_FLEET_CONFIG("InvalidFleetConfig", Kind.INVALID, "Correct the fleet at the field that is named."),
    CREDIT_SPECIFICATION_NOT_SUPPORTED(
            "InstanceCreditSpecification.NotSupported", Kind.INVALID, "Choose a type with burstable performance."),
    SPOT_MAX_PRICE_TOO_LOW("SpotMaxPriceTooLow", Kind.INVALID, "Offer at least the current spot price, or wait."),
    MAX_SPOT_INSTANCE_COUNT_EXCEEDED(
            "MaxSpotInstanceCountExceeded", Kind.CONFLICT, "Cancel requests that aren't needed any more."),
    MAX_SPOT_FLEET_REQUEST_COUNT_EXCEEDED(
            "MaxSpotFleetRequestCountExceeded", Kind.CONFLICT, "Delete fleets that aren't needed any more."),
    CANNOT_RATE("UnratableScenario", Kind.UNPROCESSABLE, "Correct the scenario at the place that is named."),

    INSTANCE_NOT_FOUND("InvalidInstanceID.NotFound", Kind.NOT_FOUND, "Check id, account and region."),
    HOST_NOT_FOUND("InvalidHostID.NotFound", Kind.NOT_FOUND, "Check the host's id."),
    GROUP_NOT_FOUND("InvalidGroup.NotFound", Kind.NOT_FOUND, "Check id, account and region."),
    RULE_NOT_FOUND("InvalidSecurityGroupRuleId.NotFound", Kind.NOT_FOUND, "Check the rule's id."),
    SUBNET_NOT_FOUND("InvalidSubnetID.NotFound", Kind.NOT_FOUND, "Check id, account and region."),
    VPC_NOT_FOUND("InvalidVpcID.NotFound", Kind.NOT_FOUND, "Check id, account and region."),
    VPC_CIDR_ASSOCIATION_NOT_FOUND(
            "InvalidVpcCidrBlockAssociationID.NotFound", Kind.NOT_FOUND, "Choose an association that the VPC lists."),
    SUBNET_CIDR_ASSOCIATION_NOT_FOUND(
            "InvalidSubnetCidrBlockAssociationID.NotFound",
            Kind.NOT_FOUND,
            "Choose an association that the subnet lists."),
    ROUTE_TABLE_NOT_FOUND("InvalidRouteTableID.NotFound", Kind.NOT_FOUND, "Check id, account and region."),
    ROUTE_NOT_FOUND("InvalidRoute.NotFound", Kind.NOT_FOUND, "Name a destination that the table has a route for."),
    GATEWAY_NOT_FOUND(
            "InvalidGatewayID.NotFound", Kind.NOT_FOUND, "Name an internet gateway of this account and region."),
    INTERNET_GATEWAY_NOT_FOUND("InvalidInternetGatewayID.NotFound", Kind.NOT_FOUND, "Check id, account and region."),
    EGRESS_ONLY_INTERNET_GATEWAY_NOT_FOUND(
            "InvalidEgressOnlyInternetGatewayId.NotFound", Kind.NOT_FOUND, "Check id, account and region."),
    NETWORK_ACL_NOT_FOUND("InvalidNetworkAclID.NotFound", Kind.NOT_FOUND, "Check id, account and region."),
    NETWORK_ACL_ENTRY_NOT_FOUND(
            "InvalidNetworkAclEntry.NotFound", Kind.NOT_FOUND, "Name a direction and number that the ACL has."),
    DHCP_OPTIONS_NOT_FOUND("InvalidDhcpOptionID.NotFound", Kind.NOT_FOUND, "Check id, account and region."),
    NETWORK_INTERFACE_NOT_FOUND("InvalidNetworkInterfaceID.NotFound", Kind.NOT_FOUND, "Check id, account and region."),
    ATTACHMENT_NOT_FOUND("InvalidAttachmentID.NotFound", Kind.NOT_FOUND, "Check id, account and region."),
    ELASTIC_ADDRESS_NOT_FOUND("InvalidAllocationID.NotFound", Kind.NOT_FOUND, "Check id, account and region."),
    ASSOCIATION_NOT_FOUND("InvalidAssociationID.NotFound", Kind.NOT_FOUND, "Check id, account and region."),
    KEY_PAIR_NOT_FOUND("InvalidKeyPair.NotFound", Kind.NOT_FOUND, "Check name, account and region."),
    PREFIX_LIST_NOT_FOUND("InvalidPrefixListID.NotFound", Kind.NOT_FOUND, "Check id, account and region."),
    DEFAULT_VPC_NOT_FOUND(
            "VPCIdNotSpecified", Kind.NOT_FOUND, "Name a subnet, or make the default VPC anew: it was deleted."),
    DEFAULT_VPC_DOES_NOT_EXIST("DefaultVpcDoesNotExist", Kind.NOT_FOUND, "Make the default VPC anew first."),
    SPOT_REQUEST_NOT_FOUND("InvalidSpotInstanceRequestID.NotFound", Kind.NOT_FOUND, "Check id, account and region."),
    FLEET_NOT_FOUND("InvalidFleetId.NotFound", Kind.NOT_FOUND, "Check id, account and region."),
    SPOT_PRICE_TRACE_NOT_FOUND(
            "InvalidSpotPriceTraceId.NotFound", Kind.NOT_FOUND, "Choose one that GET /v1/spot-price-traces lists."),
    OFFERING_NOT_FOUND(
            "InvalidReservedInstancesOfferingId",
            Kind.NOT_FOUND,
            "Choose an offering that GET /v1/reserved-instances/offerings lists."),
    RESERVED_INSTANCES_NOT_FOUND("InvalidReservedInstancesId", Kind.NOT_FOUND, "Check id and account."),
    RESERVED_INSTANCES_MODIFICATION_NOT_FOUND(
            "InvalidReservedInstancesModificationId", Kind.NOT_FOUND, "Check id, account and region."),
    RESERVED_INSTANCES_LISTING_NOT_FOUND(
            "InvalidReservedInstancesListingId", Kind.NOT_FOUND, "Check id, account and region."),
    SCHEDULED_INSTANCE_NOT_FOUND("InvalidScheduledInstance", Kind.NOT_FOUND, "Check id, account and region."),
    SAVINGS_PLAN_NOT_FOUND("ResourceNotFoundException", Kind.NOT_FOUND, "Check id and account."),
    ORGANIZATION_NOT_FOUND("OrganizationNotFound", Kind.NOT_FOUND, "Check the organization's id and the account."),
    INVITATION_NOT_FOUND("HandshakeNotFound", Kind.NOT_FOUND, "Check the invitation's id and the account."),
    MEMBER_NOT_FOUND("AccountNotFound", Kind.NOT_FOUND, "Choose an account that is a member."),
    BUDGET_NOT_FOUND("NotFoundException", Kind.NOT_FOUND, "Check the budget's id and the account."),
    ACCESS_KEY_NOT_FOUND("NoSuchEntity", Kind.NOT_FOUND, "Check the key's id and the account."),
    BILL_NOT_FOUND("BillNotFound", Kind.NOT_FOUND, "Ask for the current month or an earlier one."),
    NOT_FOUND("NotFound", Kind.NOT_FOUND, "Check the path."),

    INCORRECT_INSTANCE_STATE(
            "IncorrectInstanceState", Kind.CONFLICT, "Bring the instance into a state that allows this."),
    INCORRECT_SPOT_REQUEST_STATE(
            "IncorrectSpotRequestState", Kind.CONFLICT, "Wait until the market starts it again, or terminate it."),
    FLEET_NOT_IN_MODIFIABLE_STATE(
            "FleetNotInModifiableState",
            Kind.CONFLICT,
            "Only a fleet of type maintain that isn't deleted can be modified."),
    INCORRECT_COMMITMENT_STATE(
            "IncorrectState",
            Kind.CONFLICT,
            "Only what hasn't begun can be taken back, only what is active changed or sold."),
    SAVINGS_PLAN_RETURN_LIMIT_EXCEEDED(
            "ServiceQuotaExceededException", Kind.CONFLICT, "Keep the plan; next year others can be returned."),
    SCHEDULED_INSTANCE_SLOT_NOT_OPEN(
            "ScheduledInstanceSlotNotOpen", Kind.CONFLICT, "Launch it inside one of its time slots."),
    SCHEDULED_INSTANCE_SLOT_UNAVAILABLE(
            "ScheduledInstanceSlotUnavailable",
            Kind.CONFLICT,
            "Terminate one of those that run in it, or wait for the next time slot."),
    BUDGET_DUPLICATE("DuplicateRecordException", Kind.CONFLICT, "Choose another name."),
    BUDGETS_LIMIT_EXCEEDED(
            "CreationLimitExceededException", Kind.CONFLICT, "Delete a budget that isn't needed any more."),
    ACCESS_KEY_LIMIT_EXCEEDED("LimitExceeded", Kind.CONFLICT, "Delete an access key that isn't needed any more."),
    ALREADY_IN_ORGANIZATION(
            "AlreadyInOrganization",
            Kind.CONFLICT,
            "An account is in one organization at a time; leave that one first."),
    ORGANIZATION_NOT_EMPTY("OrganizationNotEmpty", Kind.CONFLICT, "Remove the other members first."),
    MANAGEMENT_ACCOUNT_CANNOT_LEAVE("MasterCannotLeaveOrganization", Kind.CONFLICT, "Delete the organization instead."),
    INVALID_INVITATION_TRANSITION(
            "InvalidHandshakeTransition", Kind.CONFLICT, "Only an open invitation can be answered or taken back."),
    OPERATION_NOT_PERMITTED(
            "OperationNotPermitted", Kind.CONFLICT, "Switch the protection off that is named, then try again."),
    IDEMPOTENT_PARAMETER_MISMATCH(
            "IdempotentParameterMismatch", Kind.CONFLICT, "Use a new client token for a different request."),
    SUBNET_CONFLICT("InvalidSubnet.Conflict", Kind.CONFLICT, "Choose a block that overlaps no other subnet's."),
    VPC_CIDR_CONFLICT("InvalidVpc.Conflict", Kind.CONFLICT, "Choose a block that overlaps none of the VPC's."),
    DEFAULT_VPC_ALREADY_EXISTS("DefaultVpcAlreadyExists", Kind.CONFLICT, "Use the one that is there."),
    DEFAULT_SUBNET_ALREADY_EXISTS(
            "DefaultSubnetAlreadyExistsInAvailabilityZone", Kind.CONFLICT, "Use the one that is there."),
    VPC_LIMIT_EXCEEDED("VpcLimitExceeded", Kind.CONFLICT, "Delete a VPC that isn't needed any more."),
    SUBNET_LIMIT_EXCEEDED("SubnetLimitExceeded", Kind.CONFLICT, "Delete a subnet that isn't needed any more."),
    VPC_CIDR_LIMIT_EXCEEDED("CidrLimitExceeded", Kind.CONFLICT, "Take a block away that isn't needed any more."),
    NETWORK_INTERFACE_IN_USE("InvalidNetworkInterface.InUse", Kind.CONFLICT, "Detach the interface first."),
    NETWORK_INTERFACE_LIMIT_EXCEEDED(
            "NetworkInterfaceLimitExceeded", Kind.CONFLICT, "Delete an interface that isn't needed any more."),
    ATTACHMENT_LIMIT_EXCEEDED(
            "AttachmentLimitExceeded", Kind.CONFLICT, "Detach another interface, or choose a larger type."),
    PRIVATE_ADDRESS_LIMIT_EXCEEDED(
            "PrivateIpAddressLimitExceeded", Kind.CONFLICT, "Take an address away, or choose a larger type."),
    IP_ADDRESS_IN_USE("InvalidIPAddress.InUse", Kind.CONFLICT, "Choose an address that nobody has."),
    ADDRESS_LIMIT_EXCEEDED("AddressLimitExceeded", Kind.CONFLICT, "Release an address that isn't needed any more."),
    ALREADY_ASSOCIATED("Resource.AlreadyAssociated", Kind.CONFLICT, "Disassociate it first, or allow reassociation."),
    KEY_PAIR_DUPLICATE("InvalidKeyPair.Duplicate", Kind.CONFLICT, "Choose another name, or delete the pair first."),
    IMAGE_NAME_DUPLICATE(
            "InvalidAMIName.Duplicate", Kind.CONFLICT, "Choose another name, or deregister the image first."),
    PREFIX_LIST_VERSION_MISMATCH(
            "PrefixListVersionMismatch", Kind.CONFLICT, "Read the list again and give the version it has now."),
    PREFIX_LIST_MAX_ENTRIES_EXCEEDED(
            "PrefixListMaxEntriesExceeded", Kind.CONFLICT, "Take entries away, or raise the list's maxEntries."),
    PREFIX_LIST_LIMIT_EXCEEDED(
            "PrefixListLimitExceeded", Kind.CONFLICT, "Delete a prefix list that isn't needed any more."),
    PREFIX_LIST_IN_USE("PrefixListInUse", Kind.CONFLICT, "Revoke the rules that name the list first."),
    ROUTE_ALREADY_EXISTS("RouteAlreadyExists", Kind.CONFLICT, "Replace the route that is there."),
    NETWORK_ACL_ENTRY_ALREADY_EXISTS(
            "NetworkAclEntryAlreadyExists",
            Kind.CONFLICT,
            "Replace the entry that is there, or choose another number."),
    GATEWAY_NOT_ATTACHED("Gateway.NotAttached", Kind.CONFLICT, "Name the VPC that the gateway is attached to."),
    ROUTE_TABLE_LIMIT_EXCEEDED(
            "RouteTableLimitExceeded", Kind.CONFLICT, "Delete a route table that isn't needed any more."),
    ROUTE_LIMIT_EXCEEDED("RouteLimitExceeded", Kind.CONFLICT, "Delete a route that isn't needed any more."),
    INTERNET_GATEWAY_LIMIT_EXCEEDED(
            "InternetGatewayLimitExceeded", Kind.CONFLICT, "Delete a gateway that isn't needed any more."),
    NETWORK_ACL_LIMIT_EXCEEDED(
            "NetworkAclLimitExceeded", Kind.CONFLICT, "Delete a network ACL that isn't needed any more."),
    NETWORK_ACL_ENTRY_LIMIT_EXCEEDED(
            "NetworkAclEntryLimitExceeded", Kind.CONFLICT, "Delete an entry that isn't needed any more."),
    TAG_LIMIT_EXCEEDED("TagLimitExceeded", Kind.INVALID, "Remove a tag that isn't needed any more."),
    DEPENDENCY_VIOLATION("DependencyViolation", Kind.CONFLICT, "Remove what depends on it first."),
    CANNOT_DELETE("CannotDelete", Kind.CONFLICT, "The default security group stays."),
    INVALID_PERMISSION_DUPLICATE("InvalidPermission.Duplicate", Kind.CONFLICT, "The rule is there already."),
    RULES_PER_SECURITY_GROUP_LIMIT_EXCEEDED(
            "RulesPerSecurityGroupLimitExceeded", Kind.CONFLICT, "Remove rules or use another group."),
    SECURITY_GROUP_LIMIT_EXCEEDED(
            "SecurityGroupLimitExceeded", Kind.CONFLICT, "Delete a security group that isn't needed any more."),
    SECURITY_GROUPS_PER_INSTANCE_LIMIT_EXCEEDED(
            "SecurityGroupsPerInstanceLimitExceeded", Kind.CONFLICT, "Attach fewer groups."),
    SECURITY_GROUPS_PER_INTERFACE_LIMIT_EXCEEDED(
            "SecurityGroupsPerInterfaceLimitExceeded", Kind.CONFLICT, "Attach fewer groups."),

    DRY_RUN_OPERATION("DryRunOperation", Kind.DRY_RUN, "Leave dryRun out to have it done."),
    UNAUTHORIZED("AuthFailure", Kind.UNAUTHENTICATED, "Send a bearer token that this service accepts."),
    FORBIDDEN("UnauthorizedOperation", Kind.FORBIDDEN, "Use credentials with the role that this call needs."),
    SCHEDULED_INSTANCE_PARAMETER_MISMATCH(
            "ScheduledInstanceParameterMismatch",
            Kind.INVALID,
            "Launch the type, system and zone that were bought, on demand."),
    UNSUPPORTED_OPERATION("UnsupportedOperation", Kind.INVALID, "Leave out what isn't supported."),
    UNSUPPORTED_TENANCY("UnsupportedTenancy", Kind.INVALID, "A VPC's tenancy can only be changed to default."),
    UNSUPPORTED("Unsupported", Kind.INVALID, "Choose a type, zone or system that is on offer here."),

    INSUFFICIENT_INSTANCE_CAPACITY(
            "InsufficientInstanceCapacity", Kind.CAPACITY, "Try later, another zone, another type or fewer instances."),
    INSUFFICIENT_RESERVED_INSTANCES_CAPACITY(
            "InsufficientReservedInstancesCapacity", Kind.CAPACITY, "Buy fewer, or choose another offering."),
    INSUFFICIENT_FREE_ADDRESSES(
            "InsufficientFreeAddressesInSubnet", Kind.CAPACITY, "Use another subnet or terminate instances."),

    INSUFFICIENT_ADDRESS_CAPACITY(
            "InsufficientAddressCapacity", Kind.CAPACITY, "Release an address, or have the operator add a block."),

    UNAVAILABLE("Unavailable", Kind.UNAVAILABLE, "Try again; nothing was changed, or the client token tells."),
    INTERNAL_ERROR("InternalError", Kind.INTERNAL, "Tell the operator the request id.");

    /** Whose fault it is, and so what kind of answer it makes. */
    public enum Kind {
        /** The caller's: the request can't be right in this form. */
        INVALID,
        /** The caller's: understood, but the content can't be worked with. */
        UNPROCESSABLE,
        /** The caller's: what it names isn't there, or isn't the caller's. */
        NOT_FOUND,
        /** The caller's: not now, in this state. */
        CONFLICT,
        UNAUTHENTICATED,
        FORBIDDEN,
        /** Nobody's: it would have been done, but was only to be tried. */
        DRY_RUN,
        /** Nobody's: there is no room. */
        CAPACITY,
        /** Ours, for the moment: something this service needs is away. */
        UNAVAILABLE,
        /** Ours: a fault. */
        INTERNAL
    }

    private final String code;
    private final Kind kind;
    private final String advice;

    ErrorCode(String code, Kind kind, String advice) {
        this.code = code;
        this.kind = kind;
        this.advice = advice;
    }

    /** The stable name callers see, such as {@code InvalidInstanceID.NotFound}. */
    public String code() {
        return code;
    }

    public Kind kind() {
        return kind;
    }

    /** What to do about it. */
    public String advice() {
        return advice;
    }
}
