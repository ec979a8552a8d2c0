package io.cumulet.instances.domain.interfaces;

import io.cumulet.instances.domain.launch.LaunchChecks;
import io.cumulet.instances.domain.launch.LaunchChecks.Stop;
import io.cumulet.instances.domain.network.InterfaceLimits;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.ResourceKind;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a request about interfaces without knowing what is taken: whether it is well formed.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterface.html">
 *     CreateNetworkInterface</a>
 */
public final class InterfaceChecks {

    private static final int MOST_GROUPS = 5;
    private static final int LONGEST_DESCRIPTION = 255;
    private static final int LONGEST_CLIENT_TOKEN = 64;

    private InterfaceChecks() {}

    /** @param subnet the one that is named */
    public static NewInterface created(InterfaceWish wish, Subnet subnet) throws Stop {
        List<IpAddress> addresses;
        if (wish.privateIpAddress() != null) {
            if (wish.privateIpAddresses() != null) {
                throw new Stop(
                        ErrorCode.INVALID_PARAMETER_COMBINATION,
                        "privateIpAddress",
                        "Name the primary address alone, or all of them in privateIpAddresses");
            }
            addresses = addresses("privateIpAddress", List.of(wish.privateIpAddress()), IpFamily.IPV4);
        } else {
            addresses = addresses(AddressChoice.PRIVATE, wish.privateIpAddresses(), IpFamily.IPV4);
        }
        if (addresses.size() > 1 && wish.secondaryPrivateIpAddressCount() != null) {
            throw new Stop(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "secondaryPrivateIpAddressCount",
                    "Secondary addresses are named or counted, not both");
        }
        List<IpAddress> ipv6Addresses = addresses(AddressChoice.IPV6, wish.ipv6Addresses(), IpFamily.IPV6);
        if (!ipv6Addresses.isEmpty() && wish.ipv6AddressCount() != null) {
            throw notBoth("ipv6AddressCount");
        }
        clientToken(wish.clientToken());
        return new NewInterface(
                subnet.account(),
                subnet.zone().region(),
                subnet.id(),
                wish.description() == null ? "" : description(wish.description()),
                wish.privateIpAddress() == null ? AddressChoice.PRIVATE : "privateIpAddress",
                addresses,
                count("secondaryPrivateIpAddressCount", wish.secondaryPrivateIpAddressCount()),
                ipv6Addresses,
                wish.ipv6AddressCount() == null ? null : count("ipv6AddressCount", wish.ipv6AddressCount()),
                wish.securityGroupIds() == null || wish.securityGroupIds().isEmpty()
                        ? List.of(DefaultNetwork.securityGroupId(
                                subnet.account(), subnet.zone().region(), subnet.vpcId()))
                        : groups(wish.securityGroupIds()),
                LaunchChecks.tags("tags", wish.tags()));
    }

    /**
     * Whether the interfaces of a launch go together, but for what each of the new ones asks for.
     *
     * @param most instances of the launch
     */
    public static void launched(List<LaunchInterfaceWish> wishes, int most, InterfaceLimits limits) throws Stop {
        Set<Integer> indexes = new HashSet<>();
        Set<String> existing = new HashSet<>();
        for (int i = 0; i < wishes.size(); i++) {
            LaunchInterfaceWish wish = wishes.get(i);
            Integer index = wish.deviceIndex();
            if (index == null) {
                throw missing(field(i, "deviceIndex"));
            }
            if (index < 0) {
                throw invalid(field(i, "deviceIndex"), "A device index is not below 0: " + index);
            }
            if (!indexes.add(index)) {
                throw invalid(field(i, "deviceIndex"), "Two interfaces at device index " + index);
            }
            InterfaceWish asked = wish.asked();
            if (wish.networkInterfaceId() != null && !asked.equals(InterfaceWish.NOTHING)) {
                throw new Stop(
                        ErrorCode.INVALID_PARAMETER_COMBINATION,
                        field(i, "networkInterfaceId"),
                        "An interface that exists has its subnet, addresses, groups and description");
            }
            if (wish.associatePublicIpAddress() != null) {
                mayAssociatePublic(i, wish, wishes.size());
            }
            if (wish.networkInterfaceId() != null && !existing.add(wish.networkInterfaceId())) {
                throw invalid(
                        field(i, "networkInterfaceId"),
                        "The interface " + wish.networkInterfaceId() + " is named twice");
            }
            if (most > 1 && (wish.networkInterfaceId() != null || asked.namesAddresses())) {
                throw new Stop(
                        ErrorCode.INVALID_PARAMETER_COMBINATION,
                        field(i, wish.networkInterfaceId() != null ? "networkInterfaceId" : AddressChoice.PRIVATE),
                        "An interface or an address is for one instance, not for " + most);
            }
        }
        if (!indexes.contains(0)) {
            throw invalid("networkInterfaces", "One of the interfaces is the primary one, at device index 0");
        }
        if (wishes.size() > limits.interfaces()) {
            throw new Stop(
                    ErrorCode.ATTACHMENT_LIMIT_EXCEEDED,
                    "networkInterfaces",
                    "An instance of this type has at most " + limits.interfaces() + " interfaces");
        }
    }

    /**
     * EC2 lets only an instance with one, new interface be given a public address.
     *
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceNetworkInterfaceSpecification.html">
     *     InstanceNetworkInterfaceSpecification</a>
     */
    private static void mayAssociatePublic(int number, LaunchInterfaceWish wish, int interfaces) throws Stop {
        if (wish.networkInterfaceId() != null || !Integer.valueOf(0).equals(wish.deviceIndex())) {
            throw new Stop(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    field(number, "associatePublicIpAddress"),
                    "The associatePublicIPAddress parameter can only be specified for a new network interface with device"
                            + " index 0.");
        }
        if (interfaces > 1) {
            throw new Stop(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    field(number, "associatePublicIpAddress"),
                    "The associatePublicIPAddress parameter cannot be specified when launching with multiple network"
                            + " interfaces.");
        }
    }

    /**
     * A new interface of a launch, the number of which is in the names of fields.
     *
     * @param named what those before it name, to which its own are added: each address is one interface's
     */
    public static NewInterface created(int number, InterfaceWish wish, Subnet subnet, Set<NamedAddress> named)
            throws Stop {
        try {
            NewInterface asked = created(wish, subnet);
            for (IpAddress address : asked.privateAddresses()) {
                mustBeNew(named, new NamedAddress(asked.subnetId(), address), asked.privateField());
            }
            for (IpAddress address : asked.ipv6Addresses()) {
                mustBeNew(named, new NamedAddress(asked.subnetId(), address), AddressChoice.IPV6);
            }
            return asked;
        } catch (Stop stop) {
            Refusal refusal = stop.refusal();
            String field = refusal.field();
            throw new Stop(refusal.code(), field(number, field == null ? "subnetId" : field), refusal.message());
        }
    }

    /** An address that a launch names. Two VPCs can have the same private ones. */
    public record NamedAddress(String subnetId, IpAddress address) {}

    private static void mustBeNew(Set<NamedAddress> named, NamedAddress address, String field) throws Stop {
        if (!named.add(address)) {
            throw invalid(field, "The address " + address.address() + " is named for two interfaces");
        }
    }

    /** The name of a field of one of the launch's interfaces. */
    public static String field(int number, String name) {
        return "networkInterfaces[" + number + "]." + name;
    }

    public static InterfaceCommand.Modify modified(InterfaceCommand.Modify wish) throws Stop {
        if (wish.description() == null
                && wish.groupIds() == null
                && wish.sourceDestCheck() == null
                && wish.deleteOnTermination() == null
                && wish.tags() == null) {
            throw new Stop(
                    ErrorCode.MISSING_PARAMETER,
                    "description",
                    "There is nothing to change: no description, securityGroupIds, sourceDestCheck, deleteOnTermination"
                            + " or tags");
        }
        if (wish.description() != null) {
            description(wish.description());
        }
        if (wish.tags() != null) {
            LaunchChecks.tagPatch("tags", wish.tags());
        }
        return new InterfaceCommand.Modify(
                wish.description(),
                wish.groupIds() == null ? null : groups(wish.groupIds()),
                wish.sourceDestCheck(),
                wish.deleteOnTermination(),
                wish.tags());
    }

    public static InterfaceCommand.Attach attached(
            @Nullable String instanceId, @Nullable Integer deviceIndex, @Nullable Boolean deleteOnTermination)
            throws Stop {
        if (instanceId == null || instanceId.isEmpty()) {
            throw missing("instanceId");
        }
        if (deviceIndex == null) {
            throw missing("deviceIndex");
        }
        if (deviceIndex < 0) {
            throw invalid("deviceIndex", "A device index is not below 0: " + deviceIndex);
        }
        return new InterfaceCommand.Attach(instanceId, deviceIndex, Boolean.TRUE.equals(deleteOnTermination));
    }

    public static InterfaceCommand.AssignPrivate assigned(
            @Nullable List<String> addresses, @Nullable Integer count, @Nullable Boolean allowReassignment)
            throws Stop {
        List<IpAddress> named = addresses(AddressChoice.PRIVATE, addresses, IpFamily.IPV4);
        return new InterfaceCommand.AssignPrivate(
                named,
                eitherCount("secondaryPrivateIpAddressCount", AddressChoice.PRIVATE, named, count),
                Boolean.TRUE.equals(allowReassignment));
    }

    public static InterfaceCommand.AssignIpv6 assignedIpv6(@Nullable List<String> addresses, @Nullable Integer count)
            throws Stop {
        List<IpAddress> named = addresses(AddressChoice.IPV6, addresses, IpFamily.IPV6);
        return new InterfaceCommand.AssignIpv6(
                named, eitherCount("ipv6AddressCount", AddressChoice.IPV6, named, count));
    }

    public static InterfaceCommand.UnassignPrivate unassigned(@Nullable List<String> addresses) throws Stop {
        return new InterfaceCommand.UnassignPrivate(some(AddressChoice.PRIVATE, addresses, IpFamily.IPV4));
    }

    public static InterfaceCommand.UnassignIpv6 unassignedIpv6(@Nullable List<String> addresses) throws Stop {
        return new InterfaceCommand.UnassignIpv6(some(AddressChoice.IPV6, addresses, IpFamily.IPV6));
    }

    /** An address of IPv4; null if none is named. */
    public static @Nullable IpAddress address(String field, @Nullable String text) throws Stop {
        return text == null
                ? null
                : addresses(field, List.of(text), IpFamily.IPV4).getFirst();
    }

    public static @Nullable String clientToken(@Nullable String token) throws Stop {
        if (token != null && (token.isEmpty() || token.length() > LONGEST_CLIENT_TOKEN)) {
            throw invalid("clientToken", "A client token has 1 to " + LONGEST_CLIENT_TOKEN + " characters");
        }
        return token;
    }

    private static List<IpAddress> some(String field, @Nullable List<String> texts, IpFamily family) throws Stop {
        List<IpAddress> addresses = addresses(field, texts, family);
        if (addresses.isEmpty()) {
            throw missing(field);
        }
        return addresses;
    }

    private static int eitherCount(String countField, String field, List<IpAddress> named, @Nullable Integer count)
            throws Stop {
        if (count == null) {
            if (named.isEmpty()) {
                throw missing(field);
            }
            return 0;
        }
        if (!named.isEmpty()) {
            throw notBoth(countField);
        }
        if (count == 0) {
            throw invalid(countField, "At least one address has to be asked for");
        }
        return count(countField, count);
    }

    /** In the order they were named, each once. */
    private static List<IpAddress> addresses(String field, @Nullable List<String> texts, IpFamily family) throws Stop {
        Set<IpAddress> addresses = new LinkedHashSet<>();
        for (String text : texts == null ? List.<String>of() : texts) {
            IpAddress address = text == null ? null : IpAddress.parse(text).orElse(null);
            if (address == null || address.family() != family) {
                throw invalid(
                        field, "An address of " + (family == IpFamily.IPV4 ? "IPv4" : "IPv6") + "; not '" + text + "'");
            }
            if (!addresses.add(address)) {
                throw invalid(field, "The address " + address + " is named twice");
            }
        }
        return List.copyOf(addresses);
    }

    private static List<String> groups(List<String> ids) throws Stop {
        if (ids.isEmpty()) {
            throw invalid("securityGroupIds", "An interface has at least one security group");
        }
        LinkedHashSet<String> distinct = new LinkedHashSet<>();
        for (String id : ids) {
            if (id == null || !ResourceKind.SECURITY_GROUP.isId(id)) {
                throw new Stop(
                        ErrorCode.GROUP_NOT_FOUND,
                        "securityGroupIds",
                        "The security group '" + id + "' does not exist");
            }
            distinct.add(id);
        }
        if (distinct.size() > MOST_GROUPS) {
            throw new Stop(
                    ErrorCode.SECURITY_GROUPS_PER_INTERFACE_LIMIT_EXCEEDED,
                    "securityGroupIds",
                    "An interface has at most " + MOST_GROUPS + " security groups");
        }
        return List.copyOf(distinct);
    }

    private static String description(String text) throws Stop {
        if (text.length() > LONGEST_DESCRIPTION) {
            throw invalid("description", "A description has at most " + LONGEST_DESCRIPTION + " characters");
        }
        return text;
    }

    private static int count(String field, @Nullable Integer count) throws Stop {
        if (count == null) {
            return 0;
        }
        int most = InterfaceLimits.LARGEST.addressesPerInterface();
        if (count < 0 || count > most) {
            throw invalid(field, "0 to " + most + "; not " + count);
        }
        return count;
    }

    private static Stop notBoth(String countField) {
        return new Stop(
                ErrorCode.INVALID_PARAMETER_COMBINATION, countField, "Addresses are named or counted, not both");
    }

    private static Stop missing(String field) {
        return new Stop(ErrorCode.MISSING_PARAMETER, field, "'" + field + "' is required");
    }

    private static Stop invalid(String field, String message) {
        return new Stop(ErrorCode.INVALID_PARAMETER_VALUE, field, message);
    }
}
