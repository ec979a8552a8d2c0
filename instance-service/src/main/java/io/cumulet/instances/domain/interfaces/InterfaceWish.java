package io.cumulet.instances.domain.interfaces;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A new interface as it was asked for, unchecked. Field names in refusals are those of the REST request. */
public record InterfaceWish(
        @Nullable String subnetId,
        @Nullable String description,
        @Nullable String privateIpAddress,
        @Nullable List<String> privateIpAddresses,
        @Nullable Integer secondaryPrivateIpAddressCount,
        @Nullable List<String> ipv6Addresses,
        @Nullable Integer ipv6AddressCount,
        @Nullable List<String> securityGroupIds,
        @Nullable Map<String, String> tags,
        @Nullable String clientToken) {

    /** Nothing is said. */
    static final InterfaceWish NOTHING = new InterfaceWish(null, null, null, null, null, null, null, null, null, null);

    /** Whether it wants certain addresses, which only one interface can have. */
    boolean namesAddresses() {
        return privateIpAddress != null
                || privateIpAddresses != null && !privateIpAddresses.isEmpty()
                || ipv6Addresses != null && !ipv6Addresses.isEmpty();
    }

    /** What is asked for, whatever the token. */
    public InterfaceWish withoutToken() {
        return new InterfaceWish(
                subnetId,
                description,
                privateIpAddress,
                privateIpAddresses,
                secondaryPrivateIpAddressCount,
                ipv6Addresses,
                ipv6AddressCount,
                securityGroupIds,
                tags,
                null);
    }
}
