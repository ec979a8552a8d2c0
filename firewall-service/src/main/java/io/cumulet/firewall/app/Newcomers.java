package io.cumulet.firewall.app;

import io.cumulet.firewall.app.MemberStore.Told;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.Transactions;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** Learns of an instance that somebody asks for before its first event has come. */
@ApplicationScoped
class Newcomers {

    private final MemberStore store;
    private final Members members;
    private final InstanceService instances;

    Newcomers(MemberStore store, Members members, InstanceService instances) {
        this.store = store;
        this.members = members;
        this.instances = instances;
    }

    /**
     * Asks the instance service about an instance that isn't known here. Blocks; in transactions of its own.
     *
     * @throws io.cumulet.kernel.RefusedException {@code Unavailable} if it has to be asked and can't be
     */
    void look(AccountId account, Region region, String instanceId) {
        if (!ResourceKind.INSTANCE.isId(instanceId)
                || !Transactions.read(() -> store.ofInstance(account, region, instanceId))
                        .isEmpty()) {
            return;
        }
        Optional<Told> told = instances.instance(account, region, instanceId);
        told.ifPresent(one -> QuarkusTransaction.requiringNew().run(() -> members.take(List.of(one))));
    }
}
