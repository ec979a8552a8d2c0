package io.cumulet.firewall.app;

import io.cumulet.firewall.app.GroupStore.GroupFilter;
import io.cumulet.firewall.domain.groups.GroupLimits;
import io.cumulet.firewall.domain.groups.GroupWish;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.firewall.domain.groups.Tags;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.kernel.ResourceTags;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.idempotency.Claim;
import io.cumulet.plumbing.idempotency.ClientTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Making, finding and tagging groups. */
@ApplicationScoped
public class SecurityGroups {

    private static final Logger LOG = Logger.getLogger(SecurityGroups.class);
    private static final String CREATE = "CreateSecurityGroup";

    private final GroupStore store;
    private final GroupEvents events;
    private final DefaultGroups defaults;
    private final Vpcs vpcs;
    private final ClientTokens tokens;
    private final GroupLimits limits;
    private final InstantSource clock;

    public SecurityGroups(
            GroupStore store,
            GroupEvents events,
            DefaultGroups defaults,
            Vpcs vpcs,
            ClientTokens tokens,
            GroupLimits limits,
            InstantSource clock) {
        this.store = store;
        this.events = events;
        this.defaults = defaults;
        this.vpcs = vpcs;
        this.tokens = tokens;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Makes a group.
     *
     * @param clientToken the same token and wish give the same answer, whatever became of group and VPC since
     */
    public Outcome<SecurityGroup> create(
            AccountId account, Region region, GroupWish wish, @Nullable String clientToken) {
        Optional<Refusal> fault = wish.fault();
        if (fault.isPresent()) {
            return Outcome.refused(fault.get());
        }
        defaults.ensure(account, region);
        // What is known is enough for a repeat and for most VPCs. Asking is for between the transactions.
        Outcome<SecurityGroup> made = createIfVpcIsKnown(account, region, wish, clientToken);
        return switch (made) {
            case Outcome.Done<SecurityGroup> done -> done;
            case Outcome.Refused<SecurityGroup>(Refusal refusal) ->
                refusal.code() == ErrorCode.VPC_NOT_FOUND
                        ? vpc(account, region, wish)
                                .flatMap(there -> createIfVpcIsKnown(account, region, wish, clientToken))
                        : made;
        };
    }

    private Outcome<SecurityGroup> createIfVpcIsKnown(
            AccountId account, Region region, GroupWish wish, @Nullable String clientToken) {
        return Transactions.decide(() -> switch (tokens.claim(account, region, CREATE, clientToken, wish)) {
            case Claim.Mismatch(Refusal refusal) -> Outcome.refused(refusal);
            case Claim.Repeat(String result) -> Outcome.done(Made.parse(result).group(account, region, wish));
            case Claim.Fresh() -> createFresh(account, region, wish, clientToken);
        });
    }

    private Outcome<Vpc> vpc(AccountId account, Region region, GroupWish wish) {
        if (wish.vpcId() != null) {
            return vpcs.find(account, region, wish.vpcId());
        }
        return switch (vpcs.find(account, region, DefaultNetwork.vpcId(account, region))) {
            case Outcome.Done<Vpc> there -> there;
            case Outcome.Refused<Vpc> gone -> noDefaultVpc();
        };
    }

    private static String vpcId(AccountId account, Region region, GroupWish wish) {
        return wish.vpcId() == null ? DefaultNetwork.vpcId(account, region) : wish.vpcId();
    }

    private static <T> Outcome<T> noDefaultVpc() {
        return Outcome.refused(
                ErrorCode.DEFAULT_VPC_NOT_FOUND, "vpcId", "The account has no default VPC in this region");
    }

    private Outcome<SecurityGroup> createFresh(
            AccountId account, Region region, GroupWish wish, @Nullable String clientToken) {
        store.lockOwner(account, region);
        String vpcId = vpcId(account, region, wish);
        Optional<Vpc> vpc = vpcs.standing(account, region, vpcId);
        if (vpc.isEmpty()) {
            return Outcome.refused(Vpcs.notFound(vpcId));
        }
        if (store.count(account, region) >= limits.groupsPerRegion()) {
            return Outcome.refused(Refusal.of(
                    ErrorCode.SECURITY_GROUP_LIMIT_EXCEEDED,
                    "An account has at most " + limits.groupsPerRegion() + " security groups in a region"));
        }
        Made made = new Made(
                ResourceKind.SECURITY_GROUP.newId(), clock.instant(), vpc.get().ipv6());
        SecurityGroup group = made.group(account, region, wish);
        if (!store.insert(group)) {
            return Outcome.refused(
                    ErrorCode.INVALID_SECURITY_GROUP_IN_USE_NAME,
                    "name",
                    "The security group '" + wish.name() + "' already exists for VPC '" + group.vpcId() + "'");
        }
        events.created(group, made.at());
        tokens.complete(account, region, CREATE, clientToken, made.toString());
        return Outcome.done(group);
    }

    /** What a new group has besides what was wished: enough to tell again how it was made. */
    private record Made(String groupId, Instant at, boolean ipv6) {

        private static final String IPV6 = "ipv6";

        SecurityGroup group(AccountId account, Region region, GroupWish wish) {
            SecurityGroup group = SecurityGroup.fresh(
                    groupId,
                    account,
                    region,
                    vpcId(account, region, wish),
                    wish.name(),
                    wish.description(),
                    wish.tags(),
                    at);
            return ipv6 ? group.alsoOverIpv6() : group;
        }

        static Made parse(String text) {
            String[] words = text.split(" ", -1);
            return new Made(words[0], Instant.parse(words[1]), words.length > 2 && words[2].equals(IPV6));
        }

        @Override
        public String toString() {
            return groupId + " " + at + (ipv6 ? " " + IPV6 : "");
        }
    }

    public Outcome<SecurityGroup> find(AccountId account, Region region, String groupId) {
        defaults.ensure(account, region);
        return Transactions.read(() -> store.find(account, region, groupId))
                .map(Outcome::done)
                .orElseGet(() -> Outcome.refused(notFound(groupId)));
    }

    public List<SecurityGroup> list(
            AccountId account, Region region, GroupFilter filter, @Nullable String afterId, int limit) {
        defaults.ensure(account, region);
        if (filter.vpcIds().size() == 1) {
            lookAt(account, region, filter.vpcIds().getFirst());
        }
        return Transactions.read(() -> store.list(account, region, filter, afterId, limit));
    }

    /** A VPC that was made this moment has its default group for whoever looks. */
    private void lookAt(AccountId account, Region region, String vpcId) {
        try {
            vpcs.find(account, region, vpcId);
        } catch (RefusedException e) {
            // All groups but perhaps a default one are known without the instance service.
            LOG.debugf(e, "Groups of %s are listed without asking for it", vpcId);
        }
    }

    /**
     * Changes a group's tags.
     *
     * @param change by key, the new value, or nothing where the tag goes
     */
    public Outcome<SecurityGroup> tag(
            AccountId account, Region region, String groupId, Map<String, Optional<String>> change) {
        defaults.ensure(account, region);
        return Transactions.decide(() -> {
            Optional<SecurityGroup> group = store.lock(account, region, groupId);
            if (group.isEmpty()) {
                return Outcome.refused(notFound(groupId));
            }
            Map<String, String> tags = Tags.changed(group.get().tags(), change);
            Optional<Refusal> fault = ResourceTags.fault("tags", tags);
            if (fault.isPresent()) {
                return Outcome.refused(fault.get());
            }
            SecurityGroup after = group.get().tagged(tags);
            store.keepTags(after);
            events.changed(after, clock.instant());
            return Outcome.done(after);
        });
    }

    static Refusal notFound(String groupId) {
        return Refusal.of(ErrorCode.GROUP_NOT_FOUND, "groupId", "The security group '" + groupId + "' does not exist");
    }
}
