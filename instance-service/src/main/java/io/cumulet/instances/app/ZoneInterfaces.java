package io.cumulet.instances.app;

import io.cumulet.instances.domain.interfaces.InterfaceChange;
import io.cumulet.instances.domain.interfaces.InterfaceCommand;
import io.cumulet.instances.domain.interfaces.Interfaces;
import io.cumulet.instances.domain.interfaces.NewInterface;
import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.instances.domain.network.ElasticAddress;
import io.cumulet.instances.domain.network.NetworkInterface;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.idempotency.ClientTokens;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Interfaces of a zone that are made and changed, and elastic addresses that come to them and go. */
final class ZoneInterfaces {

    /** The first word of a client token's result; the interface's id follows. */
    static final String TOKEN_RESULT = "interface";

    private final BatchFacts facts;
    private final BatchResult result;
    private final ZoneNetwork network;
    private final Instant now;

    ZoneInterfaces(BatchFacts facts, BatchResult result, ZoneNetwork network, Instant now) {
        this.facts = facts;
        this.result = result;
        this.network = network;
        this.now = now;
    }

    Outcome<NetworkInterface> create(ZoneWork.CreateInterface work) {
        TokenUse token = work.token();
        if (token != null) {
            ZoneStore.EarlierUse earlier = facts.earlierUse(token);
            if (earlier != null) {
                return earlier.requestHash().equals(token.requestHash())
                        ? repeated(earlier)
                        : Outcome.refused(ClientTokens.mismatch());
            }
        }
        Refusal alreadyRefused = work.alreadyRefused();
        Outcome<NetworkInterface> outcome = alreadyRefused == null ? made(work.asked) : Outcome.refused(alreadyRefused);
        switch (outcome) {
            case Outcome.Done<NetworkInterface>(NetworkInterface made) -> {
                network.insert(made);
                if (token != null) {
                    String text = TOKEN_RESULT + " " + made.id();
                    result.changes().completeToken(token, text);
                    facts.used(token, text);
                }
            }
            case Outcome.Refused<NetworkInterface> refused -> {
                if (token != null) {
                    result.changes().dropToken(token);
                }
            }
        }
        return outcome;
    }

    private Outcome<NetworkInterface> made(NewInterface asked) {
        return Interfaces.create(ResourceKind.NETWORK_INTERFACE.newId(), asked, facts.interfaces(), now)
                .flatMap(made -> facts.unattachable(made.groupIds(), NetworkInterfaces.place(made))
                        .<Outcome<NetworkInterface>>map(Outcome::refused)
                        .orElseGet(() -> Outcome.done(made)));
    }

    /** As it is by now. */
    private Outcome<NetworkInterface> repeated(ZoneStore.EarlierUse earlier) {
        String id = BatchFacts.resultIds(earlier.result()).getFirst();
        NetworkInterface made = facts.interfaces().networkInterface(id);
        return made == null ? Outcome.refused(notFound(id)) : Outcome.done(made);
    }

    Outcome<NetworkInterface> change(ZoneWork.ChangeInterface work) {
        NetworkInterface one = facts.interfaces().networkInterface(work.interfaceId);
        if (one == null || !one.ownedBy(work.account, work.region)) {
            return Outcome.refused(notFound(work.interfaceId));
        }
        if (work.command instanceof InterfaceCommand.Modify modify && modify.groupIds() != null) {
            Optional<Refusal> refusal = facts.unattachable(modify.groupIds(), NetworkInterfaces.place(one));
            if (refusal.isPresent()) {
                return Outcome.refused(refusal.get());
            }
        }
        return decide(one, work.command).map(changes -> after(one, changes));
    }

    private Outcome<List<InterfaceChange>> decide(NetworkInterface one, InterfaceCommand command) {
        Outcome<List<InterfaceChange>> outcome = Interfaces.decide(one, command, facts.interfaces(), now);
        if (outcome instanceof Outcome.Done<List<InterfaceChange>>(List<InterfaceChange> changes)) {
            network.apply(changes);
        }
        return outcome;
    }

    /** What became of an interface; one that is gone, as it last was. */
    private static NetworkInterface after(NetworkInterface one, List<InterfaceChange> changes) {
        for (InterfaceChange change : changes) {
            if (change.before().id().equals(one.id()) && change.after() != null) {
                return change.after();
            }
        }
        return one;
    }

    /** Empty if the address is with an interface of a zone that isn't locked. */
    Optional<Outcome<ElasticAddress>> associate(ZoneWork.Association wish) {
        ElasticAddress elastic = owned(wish.allocationId(), wish.account(), wish.region());
        if (elastic == null) {
            return Optional.of(Outcome.refused(noAddress(wish.allocationId())));
        }
        Outcome<NetworkInterface> target = target(wish);
        if (target instanceof Outcome.Refused<NetworkInterface>(Refusal refusal)) {
            return Optional.of(Outcome.refused(refusal));
        }
        // Where it can't be taken from, it needn't be known.
        if (wish.allowReassociation() && isElsewhere(elastic)) {
            return Optional.empty();
        }
        InterfaceCommand command =
                new InterfaceCommand.Associate(elastic, wish.privateAddress(), wish.allowReassociation());
        return Optional.of(target.flatMap(one -> decide(one, command))
                .map(changes -> facts.interfaces().elastic(elastic.publicAddress())));
    }

    private boolean isElsewhere(ElasticAddress elastic) {
        ElasticAddress.Association association = elastic.association();
        return association != null && facts.interfaces().networkInterface(association.interfaceId()) == null;
    }

    private Outcome<NetworkInterface> target(ZoneWork.Association wish) {
        if (wish.interfaceId() != null) {
            NetworkInterface one = facts.interfaces().networkInterface(wish.interfaceId());
            return one == null || !one.ownedBy(wish.account(), wish.region())
                    ? Outcome.refused(notFound(wish.interfaceId()))
                    : Outcome.done(one);
        }
        String instanceId = wish.instanceId();
        Instance instance = instanceId == null ? null : facts.instance(instanceId);
        if (instance == null || !instance.ownedBy(wish.account(), wish.region())) {
            return Outcome.refused(ZoneBatch.notFound(String.valueOf(instanceId)));
        }
        if (instance.interfaces().isEmpty()) {
            return Outcome.refused(
                    ErrorCode.INCORRECT_INSTANCE_STATE,
                    "instanceId",
                    "The instance " + instance.id() + " is " + instance.state() + " and has no interface");
        }
        if (instance.interfaces().size() > 1) {
            return Outcome.refused(
                    ErrorCode.INVALID_INSTANCE_ID,
                    "instanceId",
                    "There are multiple interfaces attached to instance '" + instance.id()
                            + "'. Please specify an interface ID for the operation instead.");
        }
        return Outcome.done(instance.interfaces().getFirst());
    }

    /** Empty if the address is with no interface of this zone. */
    Optional<Outcome<ElasticAddress>> disassociate(ZoneWork.Disassociate work) {
        ElasticAddress elastic = owned(work.allocationId, work.account, work.region);
        if (elastic == null) {
            return Optional.of(Outcome.refused(noAddress(work.allocationId)));
        }
        ElasticAddress.Association association = elastic.association();
        NetworkInterface one =
                association == null ? null : facts.interfaces().networkInterface(association.interfaceId());
        if (one == null) {
            return Optional.empty();
        }
        return Optional.of(decide(one, new InterfaceCommand.Disassociate(elastic.publicAddress()))
                .map(changes -> facts.interfaces().elastic(elastic.publicAddress())));
    }

    private @Nullable ElasticAddress owned(String allocationId, AccountId account, Region region) {
        ElasticAddress elastic = facts.interfaces().elastic(allocationId);
        return elastic != null && elastic.ownedBy(account, region) ? elastic : null;
    }

    static Refusal notFound(String interfaceId) {
        return Refusal.of(
                ErrorCode.NETWORK_INTERFACE_NOT_FOUND,
                "networkInterfaceId",
                "The network interface id '" + interfaceId + "' does not exist");
    }

    static Refusal noAddress(String allocationId) {
        return Refusal.of(
                ErrorCode.ELASTIC_ADDRESS_NOT_FOUND,
                "allocationId",
                "The allocation id '" + allocationId + "' does not exist");
    }
}
