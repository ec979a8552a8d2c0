package io.cumulet.instances.app;

import io.cumulet.instances.domain.network.DhcpOptions;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Accounts' DHCP options. Which a VPC has, {@link Vpcs} says. Calls block. */
@ApplicationScoped
public class DhcpOptionSets {

    /** What a VPC without options is said to have. */
    public static final String NONE = "default";

    private final DhcpOptionsStore store;
    private final DefaultNetworks defaults;
    private final InstantSource clock;

    public DhcpOptionSets(DhcpOptionsStore store, DefaultNetworks defaults, InstantSource clock) {
        this.store = store;
        this.defaults = defaults;
        this.clock = clock;
    }

    public Outcome<DhcpOptions> create(
            AccountId account,
            Region region,
            @Nullable List<DhcpOptions.Option> options,
            @Nullable Map<String, String> wishedTags) {
        return DhcpOptions.checked(options)
                .flatMap(values -> Tags.of(wishedTags)
                        .flatMap(tags -> Transactions.decide(() -> {
                            DhcpOptions made = new DhcpOptions(
                                    ResourceKind.DHCP_OPTIONS.newId(), account, region, values, tags, clock.instant());
                            store.insert(made);
                            return Outcome.done(made);
                        })));
    }

    public Outcome<DhcpOptions> find(AccountId account, Region region, String id) {
        defaults.ensure(account, region);
        return found(Transactions.read(() -> store.find(account, region, id)), id);
    }

    /** All, in the order of ids. */
    public List<DhcpOptions> list(AccountId account, Region region) {
        defaults.ensure(account, region);
        return Transactions.read(() -> store.list(account, region));
    }

    /** @param patch tags to set or, with null as value, to remove */
    public Outcome<DhcpOptions> tag(
            AccountId account, Region region, String id, @Nullable Map<String, @Nullable String> patch) {
        defaults.ensure(account, region);
        return Transactions.decide(() -> locked(account, region, id)
                .flatMap(before -> Tags.patched(before.tags(), patch).map(before::tagged))
                .map(after -> {
                    store.update(after);
                    return after;
                }));
    }

    /** Deletes options that no VPC has. */
    public Outcome<DhcpOptions> delete(AccountId account, Region region, String id) {
        defaults.ensure(account, region);
        return Transactions.decide(() -> locked(account, region, id).flatMap(options -> {
            Optional<String> vpc = store.usedBy(id);
            if (vpc.isPresent()) {
                return Outcome.refused(Refusal.of(
                        ErrorCode.DEPENDENCY_VIOLATION,
                        "The dhcpOptions '" + id + "' has dependencies and cannot be deleted: the VPC " + vpc.get()));
            }
            store.delete(id);
            return Outcome.done(options);
        }));
    }

    /** In the running transaction: nobody deletes them until it ends. */
    Outcome<DhcpOptions> locked(AccountId account, Region region, String id) {
        return found(store.lock(account, region, id), id);
    }

    private static Outcome<DhcpOptions> found(Optional<DhcpOptions> options, String id) {
        return options.<Outcome<DhcpOptions>>map(Outcome::done)
                .orElseGet(() -> Outcome.refused(
                        ErrorCode.DHCP_OPTIONS_NOT_FOUND,
                        "dhcpOptionsId",
                        "The dhcpOption ID '" + id + "' does not exist"));
    }
}
