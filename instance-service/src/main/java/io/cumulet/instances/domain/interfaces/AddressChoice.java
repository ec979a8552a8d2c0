package io.cumulet.instances.domain.interfaces;

import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.SubnetAddresses;
import io.cumulet.kernel.Cidr;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Chooses addresses of a subnet: those that are named, and any that are free. Takes none. */
final class AddressChoice {

    static final String PRIVATE = "privateIpAddresses";
    static final String IPV6 = "ipv6Addresses";

    private final Subnet subnet;
    private final InterfaceFacts facts;
    private final String privateField;

    AddressChoice(Subnet subnet, InterfaceFacts facts) {
        this(subnet, facts, PRIVATE);
    }

    /** @param privateField where private addresses are named, for what is said of them */
    AddressChoice(Subnet subnet, InterfaceFacts facts, String privateField) {
        this.subnet = subnet;
        this.facts = facts;
        this.privateField = privateField;
    }

    /** The refusal if interfaces can't have a private address of this subnet. */
    Optional<Refusal> cannotHave(IpAddress address) {
        if (!subnet.cidr().contains(address)) {
            return Optional.of(Refusal.of(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    privateField,
                    "The address " + address + " is not in the block " + subnet.cidr() + " of " + subnet.id()));
        }
        if (!addresses().isUsable(subnet.offset(address))) {
            return Optional.of(Refusal.of(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    privateField,
                    "The address " + address + " is one of the five of " + subnet.id() + " that nobody gets"));
        }
        return Optional.empty();
    }

    boolean isTaken(IpAddress privateAddress) {
        return addresses().isTaken(subnet.offset(privateAddress));
    }

    /** Named addresses, all of which have to be free, and so many more. */
    Outcome<List<IpAddress>> privateAddresses(List<IpAddress> named, int more, Set<IpAddress> notByChance) {
        for (IpAddress address : named) {
            Optional<Refusal> refusal = cannotHave(address);
            if (refusal.isPresent()) {
                return Outcome.refused(refusal.get());
            }
            if (isTaken(address)) {
                return Outcome.refused(inUse(privateField, address));
            }
        }
        Set<IpAddress> not = new HashSet<>(notByChance);
        not.addAll(named);
        return withFree(named, more, not);
    }

    /** So many free addresses behind those that are chosen already. */
    Outcome<List<IpAddress>> withFree(List<IpAddress> chosen, int more, Set<IpAddress> not) {
        List<IpAddress> all = new ArrayList<>(chosen);
        for (int offset : addresses().free(more + not.size())) {
            IpAddress address = subnet.address(offset);
            if (all.size() < chosen.size() + more && !not.contains(address)) {
                all.add(address);
            }
        }
        int missing = chosen.size() + more - all.size();
        return missing == 0
                ? Outcome.done(all)
                : Outcome.refused(Refusal.of(
                        ErrorCode.INSUFFICIENT_FREE_ADDRESSES,
                        "The subnet " + subnet.id() + " has " + (more - missing) + " free addresses, not " + more));
    }

    Outcome<List<IpAddress>> ipv6Addresses(List<IpAddress> named, int more) {
        Cidr block = subnet.ipv6Cidr();
        if (block == null) {
            return named.isEmpty() && more == 0
                    ? Outcome.done(List.of())
                    : Outcome.refused(
                            ErrorCode.INVALID_PARAMETER_VALUE,
                            IPV6,
                            "The subnet " + subnet.id() + " has no IPv6 block");
        }
        for (IpAddress address : named) {
            if (!subnet.isUsable(address)) {
                return Outcome.refused(
                        ErrorCode.INVALID_PARAMETER_VALUE,
                        IPV6,
                        "The address " + address + " is not in the block " + block + " of " + subnet.id()
                                + ", or one of the five that nobody gets");
            }
            if (facts.isTaken(address)) {
                return Outcome.refused(inUse(IPV6, address));
            }
        }
        List<IpAddress> all = new ArrayList<>(named);
        while (all.size() < named.size() + more) {
            IpAddress address = subnet.randomIpv6Address(facts.random());
            if (!all.contains(address) && !facts.isTaken(address)) {
                all.add(address);
            }
        }
        return Outcome.done(all);
    }

    private SubnetAddresses addresses() {
        return facts.addresses(subnet.id());
    }

    static Refusal inUse(String field, IpAddress address) {
        return Refusal.of(ErrorCode.IP_ADDRESS_IN_USE, field, "The address " + address + " is in use");
    }
}
