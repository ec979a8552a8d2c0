package io.cumulet.instances.domain.network;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.AvailabilityZone;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Region;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A network interface with its addresses and groups, attached to an instance or to nothing. Immutable.
 *
 * @param privateAddresses IPv4, the primary first; there is always one
 * @param version counts up by one with each change, from 1
 * @param attachment null while it is attached to nothing
 * @param autoPublic whether its instance has a public address, which isn't its owner's, for as long as it runs
 * @param autoPublicAddress that one; null while the instance doesn't run, or an elastic address has its place
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html">Elastic network interfaces</a>
 */
public record NetworkInterface(
        String id,
        AccountId account,
        AvailabilityZone zone,
        String vpcId,
        String subnetId,
        String description,
        List<PrivateAddress> privateAddresses,
        List<IpAddress> ipv6Addresses,
        List<String> groupIds,
        boolean sourceDestCheck,
        Map<String, String> tags,
        long version,
        Instant createdAt,
        @Nullable Attachment attachment,
        boolean autoPublic,
        @Nullable IpAddress autoPublicAddress) {

    private static final int MAC_DIGITS = 10;

    /** @param publicAddress the elastic address associated with it; null if none is */
    public record PrivateAddress(
            IpAddress address, @Nullable IpAddress publicAddress) {}

    /** @param deviceIndex 0 is an instance's primary interface */
    public record Attachment(
            String id, String instanceId, int deviceIndex, Instant attachedAt, boolean deleteOnTermination) {}

    public NetworkInterface {
        privateAddresses = List.copyOf(privateAddresses);
        ipv6Addresses = List.copyOf(ipv6Addresses);
        groupIds = List.copyOf(groupIds);
        tags = Map.copyOf(tags);
        if (privateAddresses.isEmpty()) {
            throw new IllegalArgumentException("An interface has an address");
        }
        autoPublic = autoPublic && attachment != null;
        if (!autoPublic || privateAddresses.getFirst().publicAddress() != null) {
            autoPublicAddress = null;
        }
    }

    /** One without a public address that isn't its owner's. */
    public NetworkInterface(
            String id,
            AccountId account,
            AvailabilityZone zone,
            String vpcId,
            String subnetId,
            String description,
            List<PrivateAddress> privateAddresses,
            List<IpAddress> ipv6Addresses,
            List<String> groupIds,
            boolean sourceDestCheck,
            Map<String, String> tags,
            long version,
            Instant createdAt,
            @Nullable Attachment attachment) {
        this(
                id,
                account,
                zone,
                vpcId,
                subnetId,
                description,
                privateAddresses,
                ipv6Addresses,
                groupIds,
                sourceDestCheck,
                tags,
                version,
                createdAt,
                attachment,
                false,
                null);
    }

    /** The interface that comes with an instance, unless it is launched with another. */
    public static NetworkInterface primaryOf(
            String instanceId,
            Subnet subnet,
            IpAddress address,
            List<IpAddress> ipv6Addresses,
            List<String> groupIds,
            Map<String, String> tags,
            Instant now) {
        String id = DefaultNetwork.primaryInterfaceId(instanceId);
        return new NetworkInterface(
                id,
                subnet.account(),
                subnet.zone(),
                subnet.vpcId(),
                subnet.id(),
                "",
                List.of(new PrivateAddress(address, null)),
                ipv6Addresses,
                groupIds,
                true,
                tags,
                1,
                now,
                new Attachment(DefaultNetwork.primaryAttachmentId(instanceId), instanceId, 0, now, true));
    }

    public IpAddress primaryAddress() {
        return privateAddresses.getFirst().address();
    }

    /** Its hardware address, of those that everybody may give away: it follows from its id. */
    public String macAddress() {
        StringBuilder mac = new StringBuilder("0a");
        String digits = id.substring(id.length() - MAC_DIGITS);
        for (int i = 0; i < MAC_DIGITS; i += 2) {
            mac.append(':').append(digits, i, i + 2);
        }
        return mac.toString();
    }

    /** The host name of one of its private addresses in its region. */
    public String privateDnsName(IpAddress address) {
        return "ip-" + address.toString().replace('.', '-') + "."
                + zone.region().privateDomain();
    }

    /**
     * Whether it is only a part of the instance it is attached to, which it came with. Then the instance's events are all that
     * tells of it.
     */
    public boolean isPartOfItsInstance() {
        return attachment != null && id.equals(DefaultNetwork.primaryInterfaceId(attachment.instanceId()));
    }

    /** Whether one of its private addresses, the primary or another, is this one. */
    public boolean has(IpAddress address) {
        return privateAddresses.stream().anyMatch(one -> one.address().equals(address));
    }

    /** The elastic addresses that are associated with it. */
    public List<IpAddress> publicAddresses() {
        return privateAddresses.stream()
                .map(PrivateAddress::publicAddress)
                .filter(Objects::nonNull)
                .toList();
    }

    /** All addresses that lead to it from outside: elastic ones, and the one that isn't its owner's. */
    public List<IpAddress> allPublicAddresses() {
        return privateAddresses.stream()
                .map(this::publicAddressOf)
                .filter(Objects::nonNull)
                .toList();
    }

    /** What leads to one of its private addresses from outside; null if nothing does. */
    public @Nullable IpAddress publicAddressOf(PrivateAddress one) {
        boolean isPrimary = one.address().equals(primaryAddress());
        return one.publicAddress() == null && isPrimary ? autoPublicAddress : one.publicAddress();
    }

    /** Whether its instance, if it runs, is to be given a public address that isn't its owner's. */
    public boolean lacksAutoPublicAddress() {
        return autoPublic
                && autoPublicAddress == null
                && privateAddresses.getFirst().publicAddress() == null;
    }

    /**
     * The same version, with a public address for as long as its instance runs: part of the change that made it.
     *
     * @param publicAddress null while it has none
     */
    public NetworkInterface givenAutoPublic(@Nullable IpAddress publicAddress) {
        return new NetworkInterface(
                id,
                account,
                zone,
                vpcId,
                subnetId,
                description,
                privateAddresses,
                ipv6Addresses,
                groupIds,
                sourceDestCheck,
                tags,
                version,
                createdAt,
                attachment,
                true,
                publicAddress);
    }

    /** The next version, with another public address that isn't its owner's, or without one. */
    public NetworkInterface withAutoPublicAddress(@Nullable IpAddress publicAddress) {
        return next().autoPublicAddress(publicAddress).done();
    }

    public boolean ownedBy(AccountId caller, Region region) {
        return account.equals(caller) && zone.region().equals(region);
    }

    /** The next version, in other groups. */
    public NetworkInterface inGroups(List<String> newGroupIds) {
        return next().groupIds(newGroupIds).done();
    }

    /** The next version, attached to something else, or to nothing. */
    public NetworkInterface attachedAs(@Nullable Attachment newAttachment) {
        return next().attachment(newAttachment).done();
    }

    /** The next version, with an elastic address at one of its private addresses and at no other. */
    public NetworkInterface withPublic(IpAddress privateAddress, IpAddress publicAddress) {
        return withPublics(one -> {
            if (one.address().equals(privateAddress)) {
                return publicAddress;
            }
            return publicAddress.equals(one.publicAddress()) ? null : one.publicAddress();
        });
    }

    /** The next version, without an elastic address. */
    public NetworkInterface withoutPublic(IpAddress publicAddress) {
        return withPublics(one -> publicAddress.equals(one.publicAddress()) ? null : one.publicAddress());
    }

    private NetworkInterface withPublics(Function<PrivateAddress, @Nullable IpAddress> publicOf) {
        return next().privateAddresses(privateAddresses.stream()
                        .map(one -> new PrivateAddress(one.address(), publicOf.apply(one)))
                        .toList())
                .done();
    }

    /** The next version, field by field. */
    public Changes next() {
        return new Changes(this);
    }

    /** What may change of an interface. */
    public static final class Changes {
        private final NetworkInterface before;
        private String description;
        private List<PrivateAddress> privateAddresses;
        private List<IpAddress> ipv6Addresses;
        private List<String> groupIds;
        private boolean sourceDestCheck;
        private Map<String, String> tags;
        private @Nullable Attachment attachment;
        private @Nullable IpAddress autoPublicAddress;

        private Changes(NetworkInterface before) {
            this.before = before;
            this.description = before.description;
            this.privateAddresses = before.privateAddresses;
            this.ipv6Addresses = before.ipv6Addresses;
            this.groupIds = before.groupIds;
            this.sourceDestCheck = before.sourceDestCheck;
            this.tags = before.tags;
            this.attachment = before.attachment;
            this.autoPublicAddress = before.autoPublicAddress;
        }

        public Changes description(String newDescription) {
            description = newDescription;
            return this;
        }

        public Changes privateAddresses(List<PrivateAddress> newAddresses) {
            privateAddresses = newAddresses;
            return this;
        }

        public Changes ipv6Addresses(List<IpAddress> newAddresses) {
            ipv6Addresses = newAddresses;
            return this;
        }

        public Changes groupIds(List<String> newGroupIds) {
            groupIds = newGroupIds;
            return this;
        }

        public Changes sourceDestCheck(boolean on) {
            sourceDestCheck = on;
            return this;
        }

        public Changes tags(Map<String, String> newTags) {
            tags = newTags;
            return this;
        }

        public Changes attachment(@Nullable Attachment newAttachment) {
            attachment = newAttachment;
            return this;
        }

        public Changes autoPublicAddress(@Nullable IpAddress newAddress) {
            autoPublicAddress = newAddress;
            return this;
        }

        public NetworkInterface done() {
            return new NetworkInterface(
                    before.id,
                    before.account,
                    before.zone,
                    before.vpcId,
                    before.subnetId,
                    description,
                    privateAddresses,
                    ipv6Addresses,
                    groupIds,
                    sourceDestCheck,
                    tags,
                    before.version + 1,
                    before.createdAt,
                    attachment,
                    before.autoPublic,
                    autoPublicAddress);
        }
    }
}
