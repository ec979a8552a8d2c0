package io.cumulet.instances.domain.interfaces;

import io.cumulet.instances.domain.network.ElasticAddress;
import io.cumulet.kernel.IpAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be asked of a network interface that exists. */
public sealed interface InterfaceCommand {

    record Attach(String instanceId, int deviceIndex, boolean deleteOnTermination) implements InterfaceCommand {}

    /** @param force also while its instance is on its way from one state to another */
    record Detach(boolean force) implements InterfaceCommand {}

    /**
     * Changes what may be changed; null leaves a field as it is.
     *
     * @param groupIds known to exist
     * @param deleteOnTermination only of one that is attached
     * @param tags what to set, or with null as value to remove, as JSON merge patch does (RFC 7396)
     */
    record Modify(
            @Nullable String description,
            @Nullable List<String> groupIds,
            @Nullable Boolean sourceDestCheck,
            @Nullable Boolean deleteOnTermination,
            @Nullable Map<String, @Nullable String> tags)
            implements InterfaceCommand {}

    /**
     * Gives it more private addresses.
     *
     * @param addresses these, and {@code count} more that are free
     * @param allowReassignment whether they may be taken from another interface, where they aren't primary
     */
    record AssignPrivate(List<IpAddress> addresses, int count, boolean allowReassignment) implements InterfaceCommand {}

    record UnassignPrivate(List<IpAddress> addresses) implements InterfaceCommand {}

    /** @param addresses these, and {@code count} more that nobody has */
    record AssignIpv6(List<IpAddress> addresses, int count) implements InterfaceCommand {}

    record UnassignIpv6(List<IpAddress> addresses) implements InterfaceCommand {}

    record Delete() implements InterfaceCommand {}

    /**
     * @param elastic as it is now
     * @param privateAddress null for the primary one
     * @param allowReassociation whether it may be taken from where it is, and another from where it goes
     */
    record Associate(ElasticAddress elastic, @Nullable IpAddress privateAddress, boolean allowReassociation)
            implements InterfaceCommand {}

    record Disassociate(IpAddress publicAddress) implements InterfaceCommand {}
}
