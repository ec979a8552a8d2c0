package io.cumulet.instances.app;

import io.cumulet.instances.domain.interfaces.InterfaceChange;
import io.cumulet.instances.domain.interfaces.Interfaces;
import io.cumulet.instances.domain.interfaces.LaunchInterface;
import io.cumulet.instances.domain.launch.LaunchOrder;
import io.cumulet.instances.domain.network.InterfaceLimits;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.network.NetworkInterface.Attachment;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.ResourceKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The interfaces that a launch names, decided for one of its instances after the other. */
final class LaunchInterfaces {

    private final List<LaunchInterface> wanted;
    private final LaunchOrder order;
    private final BatchFacts facts;
    private final Instant now;
    /** No interface gets an address by chance that another asks for. */
    private final Set<IpAddress> asked = new HashSet<>();

    LaunchInterfaces(List<LaunchInterface> wanted, LaunchOrder order, BatchFacts facts, Instant now) {
        this.wanted = wanted;
        this.order = order;
        this.facts = facts;
        this.now = now;
        for (LaunchInterface one : wanted) {
            if (one instanceof LaunchInterface.Made made) {
                asked.addAll(made.asked().privateAddresses());
            }
        }
    }

    /** @param before null if it is new */
    record Given(@Nullable NetworkInterface before, NetworkInterface after) {

        /** Whether its instance is to be given a public address, for as long as it runs. */
        boolean lacksPublic() {
            return before == null && after.lacksAutoPublicAddress();
        }

        Optional<InterfaceChange> change() {
            return before == null ? Optional.empty() : Optional.of(new InterfaceChange(before, after));
        }
    }

    /** What an instance gets, in the order of the device indexes; nothing is taken by asking. */
    Outcome<List<Given>> of(String instanceId) {
        List<Given> given = new ArrayList<>();
        Set<IpAddress> notByChance = new HashSet<>(asked);
        InterfaceLimits limits = InterfaceLimits.of(order.type().type());
        for (LaunchInterface one : wanted) {
            Outcome<Given> outcome = switch (one) {
                case LaunchInterface.Existing existing -> existing(existing, attachment(existing, instanceId));
                case LaunchInterface.Made made -> made(made, attachment(made, instanceId), notByChance);
            };
            switch (outcome) {
                case Outcome.Refused<Given>(Refusal refusal) -> {
                    return Outcome.refused(refusal);
                }
                case Outcome.Done<Given>(Given done) -> {
                    if (!limits.allows(done.after())) {
                        return Outcome.refused(Refusal.of(
                                ErrorCode.PRIVATE_ADDRESS_LIMIT_EXCEEDED,
                                "networkInterfaces",
                                "An interface of an instance of type "
                                        + order.type().type() + " has at most " + limits.addressesPerInterface()
                                        + " addresses of each family"));
                    }
                    done.after().privateAddresses().forEach(address -> notByChance.add(address.address()));
                    given.add(done);
                }
            }
        }
        return Outcome.done(given);
    }

    /** How many instances can have what one of them gets, so far as there are addresses; at most so many. */
    int fitting(List<Given> ofOne, int most) {
        Map<String, Integer> addresses = new HashMap<>();
        for (Given one : ofOne) {
            if (one.before() == null) {
                addresses.merge(
                        one.after().subnetId(), one.after().privateAddresses().size(), Integer::sum);
            }
        }
        int fitting = most;
        for (Map.Entry<String, Integer> subnet : addresses.entrySet()) {
            fitting = Math.min(
                    fitting, facts.interfaces().addresses(subnet.getKey()).freeCount() / subnet.getValue());
        }
        return fitting;
    }

    private Attachment attachment(LaunchInterface one, String instanceId) {
        boolean isPrimary = one.deviceIndex() == 0;
        return new Attachment(
                isPrimary
                        ? DefaultNetwork.primaryAttachmentId(instanceId)
                        : ResourceKind.NETWORK_INTERFACE_ATTACHMENT.newId(),
                instanceId,
                one.deviceIndex(),
                now,
                one.deleteOnTermination());
    }

    private Outcome<Given> existing(LaunchInterface.Existing existing, Attachment attachment) {
        NetworkInterface one = facts.interfaces().networkInterface(existing.interfaceId());
        if (one == null || !one.ownedBy(order.account(), order.region())) {
            return Outcome.refused(ZoneInterfaces.notFound(existing.interfaceId()));
        }
        Attachment already = one.attachment();
        return already == null
                ? Outcome.done(new Given(one, one.attachedAs(attachment)))
                : Outcome.refused(Interfaces.inUse(one, already));
    }

    /** Only an instance with one interface is given a public address. */
    private boolean isGivenPublic(LaunchInterface.Made made) {
        if (made.deviceIndex() != 0 || wanted.size() > 1) {
            return false;
        }
        Subnet subnet = facts.interfaces().subnet(made.asked().subnetId());
        return made.publicAddress() == null
                ? subnet != null && subnet.settings().mapPublicIp()
                : made.publicAddress();
    }

    private Outcome<Given> made(LaunchInterface.Made made, Attachment attachment, Set<IpAddress> notByChance) {
        String id = made.deviceIndex() == 0
                ? DefaultNetwork.primaryInterfaceId(attachment.instanceId())
                : ResourceKind.NETWORK_INTERFACE.newId();
        return Interfaces.create(id, made.asked(), attachment, notByChance, facts.interfaces(), now)
                .map(one -> isGivenPublic(made) ? one.givenAutoPublic(null) : one)
                .flatMap(one -> facts.unattachable(one.groupIds(), NetworkInterfaces.place(one))
                        .<Outcome<Given>>map(Outcome::refused)
                        .orElseGet(() -> Outcome.done(new Given(null, one))));
    }
}
