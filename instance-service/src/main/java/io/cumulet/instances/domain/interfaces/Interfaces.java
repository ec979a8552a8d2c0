package io.cumulet.instances.domain.interfaces;

import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.lifecycle.InstanceState;
import io.cumulet.instances.domain.lifecycle.Lifecycle;
import io.cumulet.instances.domain.network.ElasticAddress;
import io.cumulet.instances.domain.network.InterfaceLimits;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.network.NetworkInterface.Attachment;
import io.cumulet.instances.domain.network.NetworkInterface.PrivateAddress;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.ResourceKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a command to a network interface. Deciding changes nothing. A decision lists the interfaces that change, each
 * once; none if what was asked for is so already.
 *
 * <pre>
 *   command            attached to nothing   attached, instance running   attached, on its way
 *                                            or stopped                   (pending, stopping, …)
 *   attach             attached              in use                       in use
 *   detach             not found             not device 0                 only by force
 *   modify, assign,
 *   unassign           done                  done                         conflict
 *   delete             gone                  in use                       in use
 *   associate          done                  done                         conflict
 *   disassociate       done                  done                         done
 * </pre>
 *
 * An address can always be taken away from an instance, whatever state that is in: who moves an elastic address to a spare
 * can't wait until the broken one has stopped.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html">Elastic network interfaces</a>
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssignPrivateIpAddresses.html">
 *     AssignPrivateIpAddresses: an elastic address moves with its private address</a>
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateAddress.html">AssociateAddress</a>
 */
public final class Interfaces {

    private Interfaces() {}

    /** A new interface, attached to nothing. */
    public static Outcome<NetworkInterface> create(String id, NewInterface asked, InterfaceFacts facts, Instant now) {
        return create(id, asked, null, Set.of(), facts, now);
    }

    /**
     * A new interface of an instance that is launched.
     *
     * @param attachment null for one that is attached to nothing
     * @param notByChance addresses that it gets only if it names them
     */
    public static Outcome<NetworkInterface> create(
            String id,
            NewInterface asked,
            @Nullable Attachment attachment,
            Set<IpAddress> notByChance,
            InterfaceFacts facts,
            Instant now) {
        Subnet subnet = facts.subnet(asked.subnetId());
        if (subnet == null || !subnet.account().equals(asked.account())) {
            return Outcome.refused(noSubnet(asked.subnetId()));
        }
        AddressChoice choice = new AddressChoice(subnet, facts, asked.privateField());
        // One that names no address needs a primary one besides.
        int more = asked.secondaryCount() + (asked.privateAddresses().isEmpty() ? 1 : 0);
        int ipv6Count = asked.ipv6Count() != null
                ? asked.ipv6Count()
                : subnet.assignIpv6()
                                && subnet.ipv6Cidr() != null
                                && asked.ipv6Addresses().isEmpty()
                        ? 1
                        : 0;
        return choice.privateAddresses(asked.privateAddresses(), more, notByChance)
                .flatMap(privateAddresses -> choice.ipv6Addresses(asked.ipv6Addresses(), ipv6Count)
                        .flatMap(ipv6Addresses -> within(
                                new NetworkInterface(
                                        id,
                                        asked.account(),
                                        subnet.zone(),
                                        subnet.vpcId(),
                                        subnet.id(),
                                        asked.description(),
                                        privateAddresses.stream()
                                                .map(address -> new PrivateAddress(address, null))
                                                .toList(),
                                        ipv6Addresses,
                                        asked.groupIds(),
                                        true,
                                        asked.tags(),
                                        1,
                                        now,
                                        attachment),
                                InterfaceLimits.LARGEST)));
    }

    public static Refusal noSubnet(String subnetId) {
        return Refusal.of(ErrorCode.SUBNET_NOT_FOUND, "subnetId", "The subnet id '" + subnetId + "' does not exist");
    }

    public static Outcome<List<InterfaceChange>> decide(
            NetworkInterface one, InterfaceCommand command, InterfaceFacts facts, Instant now) {
        return switch (command) {
            case InterfaceCommand.Attach attach -> attach(one, attach, facts, now);
            case InterfaceCommand.Detach(boolean force) -> detach(one, force, facts);
            case InterfaceCommand.Modify modify -> ifSettled(one, facts, "changed", () -> modify(one, modify));
            case InterfaceCommand.AssignPrivate assign ->
                ifSettled(one, facts, "given an address", () -> assign(one, assign, facts));
            case InterfaceCommand.UnassignPrivate(List<IpAddress> addresses) ->
                ifSettled(one, facts, "changed", () -> unassign(one, addresses));
            case InterfaceCommand.AssignIpv6 assign ->
                ifSettled(one, facts, "given an address", () -> assignIpv6(one, assign, facts));
            case InterfaceCommand.UnassignIpv6(List<IpAddress> addresses) ->
                ifSettled(one, facts, "changed", () -> unassignIpv6(one, addresses));
            case InterfaceCommand.Delete delete ->
                one.attachment() == null
                        ? Outcome.done(List.of(new InterfaceChange(one, null)))
                        : Outcome.refused(inUse(one, one.attachment()));
            case InterfaceCommand.Associate associate ->
                ifSettled(one, facts, "given an address", () -> associate(one, associate, facts));
            case InterfaceCommand.Disassociate(IpAddress publicAddress) ->
                one.publicAddresses().contains(publicAddress)
                        ? changed(one, one.withoutPublic(publicAddress))
                        : Outcome.done(List.of());
        };
    }

    private static Outcome<List<InterfaceChange>> attach(
            NetworkInterface one, InterfaceCommand.Attach attach, InterfaceFacts facts, Instant now) {
        Attachment already = one.attachment();
        if (already != null) {
            return Outcome.refused(inUse(one, already));
        }
        Instance instance = facts.instance(attach.instanceId());
        if (instance == null || !instance.ownedBy(one.account(), one.zone().region())) {
            return Outcome.refused(
                    ErrorCode.INSTANCE_NOT_FOUND,
                    "instanceId",
                    "The instance id '" + attach.instanceId() + "' does not exist");
        }
        if (!isSettled(instance)) {
            return Outcome.refused(conflict(instance, "given an interface"));
        }
        boolean taken = instance.interfaces().stream()
                .map(NetworkInterface::attachment)
                .anyMatch(other -> other != null && other.deviceIndex() == attach.deviceIndex());
        if (taken) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    "deviceIndex",
                    "The instance " + instance.id() + " has an interface at device index " + attach.deviceIndex());
        }
        InterfaceLimits limits = InterfaceLimits.of(instance.type());
        if (instance.interfaces().size() >= limits.interfaces()) {
            return Outcome.refused(
                    ErrorCode.ATTACHMENT_LIMIT_EXCEEDED,
                    "instanceId",
                    "An instance of type " + instance.type() + " has at most " + limits.interfaces() + " interfaces");
        }
        return within(
                        one.attachedAs(new Attachment(
                                ResourceKind.NETWORK_INTERFACE_ATTACHMENT.newId(),
                                instance.id(),
                                attach.deviceIndex(),
                                now,
                                attach.deleteOnTermination())),
                        limits)
                .flatMap(after -> changed(one, after));
    }

    private static Outcome<List<InterfaceChange>> detach(NetworkInterface one, boolean force, InterfaceFacts facts) {
        Attachment attachment = one.attachment();
        if (attachment == null) {
            return Outcome.refused(Refusal.of(
                    ErrorCode.ATTACHMENT_NOT_FOUND, "The interface " + one.id() + " is attached to nothing"));
        }
        if (attachment.deviceIndex() == 0) {
            return Outcome.refused(Refusal.of(
                    ErrorCode.OPERATION_NOT_PERMITTED,
                    "The network interface at device index 0 and networkCard index 0 cannot be detached."));
        }
        return force
                ? changed(one, one.attachedAs(null))
                : ifSettled(one, facts, "robbed of an interface", () -> changed(one, one.attachedAs(null)));
    }

    private static Outcome<List<InterfaceChange>> modify(NetworkInterface one, InterfaceCommand.Modify modify) {
        NetworkInterface.Changes changes = one.next();
        if (modify.description() != null) {
            changes.description(modify.description());
        }
        if (modify.groupIds() != null) {
            changes.groupIds(modify.groupIds());
        }
        if (modify.sourceDestCheck() != null) {
            changes.sourceDestCheck(modify.sourceDestCheck());
        }
        if (modify.deleteOnTermination() != null) {
            Attachment attachment = one.attachment();
            if (attachment == null) {
                return Outcome.refused(
                        ErrorCode.INVALID_PARAMETER_COMBINATION,
                        "deleteOnTermination",
                        "The interface " + one.id() + " is attached to nothing");
            }
            changes.attachment(new Attachment(
                    attachment.id(),
                    attachment.instanceId(),
                    attachment.deviceIndex(),
                    attachment.attachedAt(),
                    modify.deleteOnTermination()));
        }
        if (modify.tags() != null) {
            Map<String, String> tags = Lifecycle.merged(one.tags(), modify.tags());
            if (tags.size() > Lifecycle.MOST_TAGS) {
                return Outcome.refused(
                        ErrorCode.TAG_LIMIT_EXCEEDED,
                        "tags",
                        "An interface has at most " + Lifecycle.MOST_TAGS + " tags");
            }
            changes.tags(tags);
        }
        NetworkInterface after = changes.done();
        return isTheSame(one, after) ? Outcome.done(List.of()) : changed(one, after);
    }

    private static boolean isTheSame(NetworkInterface before, NetworkInterface after) {
        return before.description().equals(after.description())
                && before.groupIds().equals(after.groupIds())
                && before.sourceDestCheck() == after.sourceDestCheck()
                && before.tags().equals(after.tags())
                && Objects.equals(before.attachment(), after.attachment());
    }

    private static Outcome<List<InterfaceChange>> assign(
            NetworkInterface one, InterfaceCommand.AssignPrivate assign, InterfaceFacts facts) {
        AddressChoice choice = new AddressChoice(subnetOf(one, facts), facts);
        List<PrivateAddress> gained = new ArrayList<>();
        Map<String, InterfaceChange> robbed = new TreeMap<>();
        for (IpAddress address : assign.addresses()) {
            if (one.has(address)) {
                continue;
            }
            Optional<Refusal> refusal = choice.cannotHave(address);
            if (refusal.isPresent()) {
                return Outcome.refused(refusal.get());
            }
            if (!choice.isTaken(address)) {
                gained.add(new PrivateAddress(address, null));
                continue;
            }
            NetworkInterface holder = assign.allowReassignment() ? facts.holder(one.subnetId(), address) : null;
            if (holder == null || holder.primaryAddress().equals(address)) {
                return Outcome.refused(AddressChoice.inUse(AddressChoice.PRIVATE, address));
            }
            gained.add(new PrivateAddress(address, publicAt(holder, address)));
            InterfaceChange earlier = robbed.get(holder.id());
            NetworkInterface soFar = earlier == null || earlier.after() == null ? holder : earlier.after();
            NetworkInterface left = holder.next()
                    .privateAddresses(soFar.privateAddresses().stream()
                            .filter(kept -> !kept.address().equals(address))
                            .toList())
                    .done();
            robbed.put(holder.id(), new InterfaceChange(holder, left));
        }
        return choice.withFree(List.of(), assign.count(), Set.copyOf(assign.addresses()))
                .flatMap(free -> {
                    free.forEach(address -> gained.add(new PrivateAddress(address, null)));
                    if (gained.isEmpty()) {
                        return Outcome.done(List.of());
                    }
                    List<PrivateAddress> all = new ArrayList<>(one.privateAddresses());
                    all.addAll(gained);
                    return within(one.next().privateAddresses(all).done(), limits(one, facts))
                            .map(after -> {
                                List<InterfaceChange> changes = new ArrayList<>(robbed.values());
                                changes.add(new InterfaceChange(one, after));
                                return changes;
                            });
                });
    }

    private static @Nullable IpAddress publicAt(NetworkInterface one, IpAddress privateAddress) {
        for (PrivateAddress address : one.privateAddresses()) {
            if (address.address().equals(privateAddress)) {
                return address.publicAddress();
            }
        }
        return null;
    }

    private static Outcome<List<InterfaceChange>> unassign(NetworkInterface one, List<IpAddress> addresses) {
        for (IpAddress address : addresses) {
            if (!one.has(address)) {
                return Outcome.refused(doesNotHave(one, AddressChoice.PRIVATE, address));
            }
            if (one.primaryAddress().equals(address)) {
                return Outcome.refused(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        AddressChoice.PRIVATE,
                        "The address " + address + " is the primary one of " + one.id() + " and stays");
            }
        }
        return changed(
                one,
                one.next()
                        .privateAddresses(one.privateAddresses().stream()
                                .filter(address -> !addresses.contains(address.address()))
                                .toList())
                        .done());
    }

    private static Outcome<List<InterfaceChange>> assignIpv6(
            NetworkInterface one, InterfaceCommand.AssignIpv6 assign, InterfaceFacts facts) {
        List<IpAddress> named = assign.addresses().stream()
                .filter(address -> !one.ipv6Addresses().contains(address))
                .toList();
        return new AddressChoice(subnetOf(one, facts), facts)
                .ipv6Addresses(named, assign.count())
                .flatMap(gained -> {
                    if (gained.isEmpty()) {
                        return Outcome.done(List.of());
                    }
                    List<IpAddress> all = new ArrayList<>(one.ipv6Addresses());
                    all.addAll(gained);
                    return within(one.next().ipv6Addresses(all).done(), limits(one, facts))
                            .flatMap(after -> changed(one, after));
                });
    }

    private static Outcome<List<InterfaceChange>> unassignIpv6(NetworkInterface one, List<IpAddress> addresses) {
        for (IpAddress address : addresses) {
            if (!one.ipv6Addresses().contains(address)) {
                return Outcome.refused(doesNotHave(one, AddressChoice.IPV6, address));
            }
        }
        return changed(
                one,
                one.next()
                        .ipv6Addresses(one.ipv6Addresses().stream()
                                .filter(address -> !addresses.contains(address))
                                .toList())
                        .done());
    }

    private static Outcome<List<InterfaceChange>> associate(
            NetworkInterface one, InterfaceCommand.Associate associate, InterfaceFacts facts) {
        ElasticAddress elastic = associate.elastic();
        IpAddress privateAddress =
                associate.privateAddress() == null ? one.primaryAddress() : associate.privateAddress();
        if (!one.has(privateAddress)) {
            return Outcome.refused(doesNotHave(one, "privateIpAddress", privateAddress));
        }
        IpAddress there = publicAt(one, privateAddress);
        if (elastic.publicAddress().equals(there)) {
            return Outcome.done(List.of());
        }
        ElasticAddress.Association association = elastic.association();
        if (!associate.allowReassociation()) {
            if (association != null) {
                return Outcome.refused(Refusal.of(
                        ErrorCode.ALREADY_ASSOCIATED,
                        "The address " + elastic.id() + " is associated with " + association.interfaceId()));
            }
            if (there != null) {
                return Outcome.refused(Refusal.of(
                        ErrorCode.ALREADY_ASSOCIATED,
                        "The address " + there + " is associated with " + privateAddress + " of " + one.id()));
            }
        }
        List<InterfaceChange> changes = new ArrayList<>();
        if (association != null && !association.interfaceId().equals(one.id())) {
            NetworkInterface robbed = facts.networkInterface(association.interfaceId());
            if (robbed == null) {
                throw new IllegalStateException(
                        "The address " + elastic.id() + " is associated with what isn't there: " + association);
            }
            changes.add(new InterfaceChange(robbed, robbed.withoutPublic(elastic.publicAddress())));
        }
        changes.add(new InterfaceChange(one, one.withPublic(privateAddress, elastic.publicAddress())));
        return Outcome.done(changes);
    }

    private interface Next {
        Outcome<List<InterfaceChange>> decide();
    }

    /** What is attached changes only while its instance runs or is stopped, as the instance itself does. */
    private static Outcome<List<InterfaceChange>> ifSettled(
            NetworkInterface one, InterfaceFacts facts, String whatCannotBeDone, Next next) {
        Instance instance = instanceOf(one, facts);
        return instance == null || isSettled(instance)
                ? next.decide()
                : Outcome.refused(conflict(instance, whatCannotBeDone));
    }

    private static boolean isSettled(Instance instance) {
        return instance.state() == InstanceState.RUNNING || instance.state() == InstanceState.STOPPED;
    }

    private static @Nullable Instance instanceOf(NetworkInterface one, InterfaceFacts facts) {
        Attachment attachment = one.attachment();
        return attachment == null ? null : facts.instance(attachment.instanceId());
    }

    private static InterfaceLimits limits(NetworkInterface one, InterfaceFacts facts) {
        Instance instance = instanceOf(one, facts);
        return instance == null ? InterfaceLimits.LARGEST : InterfaceLimits.of(instance.type());
    }

    private static Outcome<NetworkInterface> within(NetworkInterface after, InterfaceLimits limits) {
        return limits.allows(after)
                ? Outcome.done(after)
                : Outcome.refused(Refusal.of(
                        ErrorCode.PRIVATE_ADDRESS_LIMIT_EXCEEDED,
                        "An interface has at most " + limits.addressesPerInterface() + " addresses of each family"
                                + (after.attachment() == null
                                        ? ""
                                        : " at an instance of the type of "
                                                + after.attachment().instanceId())));
    }

    private static Subnet subnetOf(NetworkInterface one, InterfaceFacts facts) {
        Subnet subnet = facts.subnet(one.subnetId());
        if (subnet == null) {
            throw new IllegalStateException("The subnet of " + one.id() + " isn't there");
        }
        return subnet;
    }

    private static Outcome<List<InterfaceChange>> changed(NetworkInterface before, NetworkInterface after) {
        return Outcome.done(List.of(new InterfaceChange(before, after)));
    }

    public static Refusal inUse(NetworkInterface one, Attachment attachment) {
        return Refusal.of(
                ErrorCode.NETWORK_INTERFACE_IN_USE,
                "The interface " + one.id() + " is attached to " + attachment.instanceId());
    }

    private static Refusal conflict(Instance instance, String whatCannotBeDone) {
        return Refusal.of(
                ErrorCode.INCORRECT_INSTANCE_STATE,
                "The instance " + instance.id() + " is " + instance.state() + " and can't be " + whatCannotBeDone);
    }

    private static Refusal doesNotHave(NetworkInterface one, String field, IpAddress address) {
        return Refusal.of(
                ErrorCode.INVALID_PARAMETER_VALUE,
                field,
                "The interface " + one.id() + " doesn't have the address " + address);
    }
}
