package io.cumulet.instances.domain.network;

import io.cumulet.catalog.InstanceTypes;
import io.cumulet.kernel.InstanceType;

/**
 * How much of a network an instance of a type can have.
 *
 * @param addressesPerInterface of each family; EC2 allows as many of IPv6 as of IPv4
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AvailableIpPerENI.html">IP addresses per network
 *     interface per instance type</a>
 */
public record InterfaceLimits(int interfaces, int addressesPerInterface) {

    /** The most that any type has: for an interface that is attached to nothing, and for types with unknown figures. */
    public static final InterfaceLimits LARGEST = new InterfaceLimits(
            InstanceTypes.all().stream()
                    .mapToInt(type -> type.network().maxInterfaces())
                    .max()
                    .orElseThrow(),
            InstanceTypes.all().stream()
                    .mapToInt(type -> type.network().ipv4PerInterface())
                    .max()
                    .orElseThrow());

    public static InterfaceLimits of(InstanceType type) {
        return InstanceTypes.find(type.value())
                .map(facts -> new InterfaceLimits(
                        or(facts.network().maxInterfaces(), LARGEST.interfaces),
                        or(facts.network().ipv4PerInterface(), LARGEST.addressesPerInterface)))
                .orElse(LARGEST);
    }

    /** A few old types have no figures in the catalog, which reads as 0. */
    private static int or(int figure, int otherwise) {
        return figure == 0 ? otherwise : figure;
    }

    /** Whether an interface has no more addresses than these limits let it. */
    public boolean allows(NetworkInterface one) {
        return one.privateAddresses().size() <= addressesPerInterface
                && one.ipv6Addresses().size() <= addressesPerInterface;
    }
}
