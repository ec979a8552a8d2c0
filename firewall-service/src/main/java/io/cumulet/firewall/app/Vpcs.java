package io.cumulet.firewall.app;

import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.Transactions;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Knows which VPCs there are. Each has its default group, and its groups go with it. */
@ApplicationScoped
public class Vpcs {

    private final VpcStore store;
    private final GroupStore groups;
    private final DefaultGroups defaults;
    private final GroupRules rules;
    private final GroupEnds ends;
    private final Rulesets rulesets;
    private final InstanceService instances;

    public Vpcs(
            VpcStore store,
            GroupStore groups,
            DefaultGroups defaults,
            GroupRules rules,
            GroupEnds ends,
            Rulesets rulesets,
            InstanceService instances) {
        this.store = store;
        this.groups = groups;
        this.defaults = defaults;
        this.rules = rules;
        this.ends = ends;
        this.rulesets = rulesets;
        this.instances = instances;
    }

    /** Takes news in the running transaction, in any order and as often as they come: the newest version stands. */
    public void take(Collection<Vpc> news) {
        List<Vpc> newest = newest(news);
        newest.stream()
                .sorted(Comparator.comparing((Vpc vpc) -> vpc.account().value())
                        .thenComparing(vpc -> vpc.region().value()))
                .forEach(vpc -> groups.lockOwner(vpc.account(), vpc.region()));
        Set<String> hadIpv6 = new HashSet<>();
        newest.forEach(vpc -> store.find(vpc.account(), vpc.region(), vpc.id())
                .filter(Vpc::ipv6)
                .ifPresent(known -> hadIpv6.add(known.id())));
        Set<String> newer = store.take(newest);
        List<Vpc> changed =
                newest.stream().filter(vpc -> newer.contains(vpc.id())).toList();
        Map<String, List<SecurityGroup>> touched = new LinkedHashMap<>();
        for (Vpc vpc : changed) {
            if (vpc.gone() || vpc.ipv6() && !hadIpv6.contains(vpc.id())) {
                touched.put(vpc.id(), groups.lockOfVpc(vpc.account(), vpc.region(), vpc.id()));
            }
        }
        rulesets.willChange(touched.values().stream().flatMap(List::stream).toList());
        for (Vpc vpc : changed) {
            List<SecurityGroup> own = touched.getOrDefault(vpc.id(), List.of());
            if (vpc.gone()) {
                own.forEach(ends::end);
            } else {
                own.forEach(rules::letIpv6Out);
                defaults.make(vpc);
            }
        }
    }

    /** As {@link #take}, but no group comes or goes. */
    public void restore(Collection<Vpc> news) {
        store.take(newest(news));
    }

    private static List<Vpc> newest(Collection<Vpc> news) {
        Map<String, Vpc> newest = new LinkedHashMap<>();
        for (Vpc one : news) {
            newest.merge(one.id(), one, (a, b) -> a.version() >= b.version() ? a : b);
        }
        return newest.values().stream().sorted(Comparator.comparing(Vpc::id)).toList();
    }

    /**
     * A VPC that is there: from our copy, and where that doesn't know it, from the instance service. Blocks; in
     * transactions of its own.
     *
     * @throws io.cumulet.kernel.RefusedException {@code Unavailable} if it has to be asked and can't be
     */
    public Outcome<Vpc> find(AccountId account, Region region, String vpcId) {
        Optional<Vpc> known = Transactions.read(() -> standing(account, region, vpcId));
        if (known.isPresent()) {
            return Outcome.done(known.get());
        }
        Optional<Vpc> told = ResourceKind.VPC.isId(vpcId) ? instances.vpc(account, region, vpcId) : Optional.empty();
        if (told.isPresent()) {
            QuarkusTransaction.requiringNew().run(() -> take(List.of(told.get())));
            // Its deletion may have come in the meantime.
            known = Transactions.read(() -> standing(account, region, vpcId));
        }
        return known.map(Outcome::done).orElseGet(() -> Outcome.refused(notFound(vpcId)));
    }

    static Refusal notFound(String vpcId) {
        return Refusal.of(ErrorCode.VPC_NOT_FOUND, "vpcId", "The vpc ID '" + vpcId + "' does not exist");
    }

    /** As far as the copy knows, in the running transaction. The default VPC is there until its deletion is told. */
    Optional<Vpc> standing(AccountId account, Region region, String vpcId) {
        Optional<Vpc> known = store.find(account, region, vpcId);
        if (known.isEmpty() && vpcId.equals(DefaultNetwork.vpcId(account, region))) {
            return Optional.of(new Vpc(vpcId, account, region, 0, false, false));
        }
        return known.filter(vpc -> !vpc.gone());
    }
}
