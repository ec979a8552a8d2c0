package io.cumulet.instances.domain.interfaces;

import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.instances.domain.network.SubnetAddresses;
import io.cumulet.kernel.IpAddress;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What a decision about an interface may look at, as it is at that moment. */
public interface InterfaceFacts {

    /** A subnet of the interface's zone; null if it doesn't exist. */
    @Nullable
    Subnet subnet(String subnetId);

    /** Which addresses of a subnet that exists are taken; only to be looked at. */
    SubnetAddresses addresses(String subnetId);

    /** An instance of the interface's zone, whoever's it is; null if it doesn't exist. */
    @Nullable
    Instance instance(String instanceId);

    /** An interface that has an elastic address which is to be associated anew. */
    @Nullable
    NetworkInterface networkInterface(String interfaceId);

    /** The interface that has a private address of a subnet; null if none has. */
    @Nullable
    NetworkInterface holder(String subnetId, IpAddress privateAddress);

    /** Whether an interface has an IPv6 address. */
    boolean isTaken(IpAddress ipv6Address);

    RandomGenerator random();
}
