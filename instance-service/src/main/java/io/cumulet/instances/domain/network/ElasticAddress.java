package io.cumulet.instances.domain.network;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A public address that an account holds until it releases it. Immutable. Where it is associated with follows from the
 * interfaces: the one that has it at a private address.
 *
 * @param association null while it is associated with nothing
 * @param version counts up by one with each change, from 1
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html">Elastic IP addresses</a>
 */
public record ElasticAddress(
        String id,
        AccountId account,
        Region region,
        IpAddress publicAddress,
        @Nullable Association association,
        Map<String, String> tags,
        long version,
        Instant allocatedAt) {

    /** @param instanceId null while the interface is attached to nothing */
    public record Association(
            String id,
            String interfaceId,
            IpAddress privateAddress,
            @Nullable String instanceId) {}

    public ElasticAddress {
        tags = Map.copyOf(tags);
    }

    public boolean ownedBy(AccountId caller, Region callerRegion) {
        return account.equals(caller) && region.equals(callerRegion);
    }

    /** The next version, with other tags. */
    public ElasticAddress tagged(Map<String, String> newTags) {
        return new ElasticAddress(id, account, region, publicAddress, association, newTags, version + 1, allocatedAt);
    }

    /**
     * Where it is after interfaces changed: the next version, or the same if nothing of it changed.
     *
     * @param before interfaces as they were, among them all that had it or have it now; likewise {@code after}
     * @param newAssociationId for an association with another private address; one that only goes along with its private
     *     address stays what it is
     */
    public ElasticAddress following(
            Collection<NetworkInterface> before, Collection<NetworkInterface> after, String newAssociationId) {
        Place was = place(before);
        Place is = place(after);
        if (was == null && is == null) {
            return this;
        }
        Association next = null;
        if (is != null) {
            String associationId = association != null && is.isSameAddressAs(was) ? association.id() : newAssociationId;
            NetworkInterface.Attachment attachment = is.where.attachment();
            next = new Association(
                    associationId, is.where.id(), is.address, attachment == null ? null : attachment.instanceId());
        }
        return Objects.equals(next, association)
                ? this
                : new ElasticAddress(id, account, region, publicAddress, next, tags, version + 1, allocatedAt);
    }

    private record Place(NetworkInterface where, IpAddress address) {
        boolean isSameAddressAs(@Nullable Place other) {
            return other != null
                    && address.equals(other.address)
                    && where.subnetId().equals(other.where.subnetId());
        }
    }

    private @Nullable Place place(Collection<NetworkInterface> interfaces) {
        for (NetworkInterface one : interfaces) {
            for (NetworkInterface.PrivateAddress address : one.privateAddresses()) {
                if (publicAddress.equals(address.publicAddress())) {
                    return new Place(one, address.address());
                }
            }
        }
        return null;
    }
}
