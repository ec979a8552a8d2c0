package io.cumulet.instances.app;

import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.network.NetworkInterface;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Which public addresses have a name: those in VPCs with both {@code enableDnsSupport} and {@code enableDnsHostnames}.
 *
 * @see <a href="https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html">DNS attributes of a VPC</a>
 */
@ApplicationScoped
public class PublicNames {

    private final InterfaceReads reads;

    public PublicNames(InterfaceReads reads) {
        this.reads = reads;
    }

    /** Whether public addresses in a VPC have names. */
    @FunctionalInterface
    public interface Named {

        /** As in EC2, an instance that is being launched has none yet. */
        Named NOT_YET = vpcId -> false;

        boolean isIn(String vpcId);
    }

    public Named ofInstances(Collection<Instance> instances) {
        return ofInterfaces(instances.stream()
                .flatMap(instance -> instance.interfaces().stream())
                .toList());
    }

    /** Nothing is asked for what has no public address. */
    public Named ofInterfaces(Collection<NetworkInterface> interfaces) {
        List<String> vpcIds = interfaces.stream()
                .filter(one -> !one.allPublicAddresses().isEmpty())
                .map(NetworkInterface::vpcId)
                .distinct()
                .toList();
        Set<String> without = vpcIds.isEmpty() ? Set.of() : reads.vpcsWithoutPublicNames(vpcIds);
        return vpcId -> !without.contains(vpcId);
    }
}
