package io.cumulet.instances.app;

import io.cumulet.instances.config.NetworkInterfacesConfig;
import io.cumulet.instances.domain.interfaces.InterfaceChecks;
import io.cumulet.instances.domain.interfaces.InterfaceCommand;
import io.cumulet.instances.domain.interfaces.InterfaceWish;
import io.cumulet.instances.domain.interfaces.Interfaces;
import io.cumulet.instances.domain.interfaces.NewInterface;
import io.cumulet.instances.domain.launch.LaunchChecks.Stop;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.instances.domain.network.Subnet;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.idempotency.ClientTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Commands of owners to their network interfaces, and looking at them. Calls block until the answer is certain. */
@ApplicationScoped
public class NetworkInterfaces {

    private static final String CREATE = "create-network-interface";

    private final Zones zones;
    private final NetworkStore networks;
    private final DefaultNetworks defaults;
    private final InterfaceReads reads;
    private final Instances instances;
    private final SecurityGroups groups;
    private final NetworkInterfacesConfig limits;

    public NetworkInterfaces(
            Zones zones,
            NetworkStore networks,
            DefaultNetworks defaults,
            InterfaceReads reads,
            Instances instances,
            SecurityGroups groups,
            NetworkInterfacesConfig limits) {
        this.zones = zones;
        this.networks = networks;
        this.defaults = defaults;
        this.reads = reads;
        this.instances = instances;
        this.groups = groups;
        this.limits = limits;
    }

    public Outcome<NetworkInterface> find(String id, AccountId account, Region region) {
        return reads.find(id, account, region)
                .<Outcome<NetworkInterface>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(ZoneInterfaces.notFound(id)));
    }

    public List<NetworkInterface> list(InterfaceReads.InterfaceFilter filter, @Nullable String afterId, int limit) {
        return reads.list(filter, afterId, limit);
    }

    public Outcome<NetworkInterface> create(InterfaceWish wish, AccountId account, Region region) {
        String subnetId = wish.subnetId();
        if (subnetId == null || subnetId.isEmpty()) {
            return Outcome.refused(ErrorCode.MISSING_PARAMETER, "subnetId", "'subnetId' is required");
        }
        defaults.ensure(account, region);
        Optional<Subnet> subnet = Transactions.read(() -> networks.subnet(account, region, subnetId));
        if (subnet.isEmpty()) {
            return Outcome.refused(Interfaces.noSubnet(subnetId));
        }
        try {
            return create(wish, InterfaceChecks.created(wish, subnet.get()), subnet.get());
        } catch (Stop stop) {
            return Outcome.refused(stop.refusal());
        }
    }

    private Outcome<NetworkInterface> create(InterfaceWish wish, NewInterface asked, Subnet subnet) {
        AccountId account = asked.account();
        Region region = asked.region();
        Optional<Refusal> refusal =
                tooMany(account, region).or(() -> groups.unattachable(asked.groupIds(), place(subnet)));
        String token = wish.clientToken();
        if (refusal.isPresent() && token == null) {
            return Outcome.refused(refusal.get());
        }
        TokenUse use = token == null
                ? null
                : new TokenUse(account, region, CREATE, token, ClientTokens.hash(wish.withoutToken()));
        // A repeated token is answered as the first time, also if a group is gone or the account has enough by now.
        return Instances.await(
                zones.submit(subnet.zone(), new ZoneWork.CreateInterface(asked, use, refusal.orElse(null))));
    }

    /** Those that are made at the same moment don't see each other: an account may come to a few more. */
    private Optional<Refusal> tooMany(AccountId account, Region region) {
        int most = limits.perRegion();
        return reads.count(account, region, most) < most
                ? Optional.empty()
                : Optional.of(Refusal.of(
                        ErrorCode.NETWORK_INTERFACE_LIMIT_EXCEEDED,
                        "An account has at most " + most + " network interfaces in a region"));
    }

    /** @param wish unchecked */
    public Outcome<NetworkInterface> modify(String id, AccountId account, Region region, InterfaceCommand.Modify wish) {
        return find(id, account, region).flatMap(one -> {
            try {
                InterfaceCommand.Modify command = InterfaceChecks.modified(wish);
                if (command.groupIds() != null) {
                    Optional<Refusal> refusal = groups.unattachable(command.groupIds(), place(one));
                    if (refusal.isPresent()) {
                        return Outcome.refused(refusal.get());
                    }
                }
                return submit(one, command);
            } catch (Stop stop) {
                return Outcome.refused(stop.refusal());
            }
        });
    }

    /** Where an interface is, and so which groups it can have. */
    static SecurityGroups.Place place(NetworkInterface one) {
        return new SecurityGroups.Place(one.account(), one.zone().region(), one.vpcId(), one.subnetId());
    }

    static SecurityGroups.Place place(Subnet subnet) {
        return new SecurityGroups.Place(subnet.account(), subnet.zone().region(), subnet.vpcId(), subnet.id());
    }

    public Outcome<NetworkInterface> attach(
            String id,
            AccountId account,
            Region region,
            @Nullable String instanceId,
            @Nullable Integer deviceIndex,
            @Nullable Boolean deleteOnTermination) {
        return find(id, account, region).flatMap(one -> {
            try {
                InterfaceCommand.Attach command =
                        InterfaceChecks.attached(instanceId, deviceIndex, deleteOnTermination);
                return instances
                        .find(command.instanceId(), account, region)
                        .flatMap(instance -> attach(one, instance, command));
            } catch (Stop stop) {
                return Outcome.refused(stop.refusal());
            }
        });
    }

    private Outcome<NetworkInterface> attach(NetworkInterface one, Instance instance, InterfaceCommand.Attach command) {
        if (!instance.zone().equals(one.zone())) {
            return Outcome.refused(
                    ErrorCode.INVALID_PARAMETER_COMBINATION,
                    "instanceId",
                    "The interface " + one.id() + " is in " + one.zone() + ", the instance " + instance.id() + " in "
                            + instance.zone());
        }
        return submit(one, command);
    }

    public Outcome<NetworkInterface> detach(String id, AccountId account, Region region, boolean force) {
        return find(id, account, region).flatMap(one -> submit(one, new InterfaceCommand.Detach(force)));
    }

    public Outcome<NetworkInterface> delete(String id, AccountId account, Region region) {
        return find(id, account, region).flatMap(one -> submit(one, new InterfaceCommand.Delete()));
    }

    /** @param count null if the addresses are named */
    public Outcome<NetworkInterface> assignPrivate(
            String id,
            AccountId account,
            Region region,
            @Nullable List<String> addresses,
            @Nullable Integer count,
            @Nullable Boolean allowReassignment) {
        return change(id, account, region, () -> InterfaceChecks.assigned(addresses, count, allowReassignment));
    }

    public Outcome<NetworkInterface> unassignPrivate(
            String id, AccountId account, Region region, @Nullable List<String> addresses) {
        return change(id, account, region, () -> InterfaceChecks.unassigned(addresses));
    }

    /** @param count null if the addresses are named */
    public Outcome<NetworkInterface> assignIpv6(
            String id, AccountId account, Region region, @Nullable List<String> addresses, @Nullable Integer count) {
        return change(id, account, region, () -> InterfaceChecks.assignedIpv6(addresses, count));
    }

    public Outcome<NetworkInterface> unassignIpv6(
            String id, AccountId account, Region region, @Nullable List<String> addresses) {
        return change(id, account, region, () -> InterfaceChecks.unassignedIpv6(addresses));
    }

    private interface Check {
        InterfaceCommand command() throws Stop;
    }

    private Outcome<NetworkInterface> change(String id, AccountId account, Region region, Check check) {
        return find(id, account, region).flatMap(one -> {
            try {
                return submit(one, check.command());
            } catch (Stop stop) {
                return Outcome.refused(stop.refusal());
            }
        });
    }

    private Outcome<NetworkInterface> submit(NetworkInterface one, InterfaceCommand command) {
        return Instances.await(zones.submit(
                one.zone(),
                new ZoneWork.ChangeInterface(one.id(), one.account(), one.zone().region(), command)));
    }
}
