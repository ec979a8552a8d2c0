package io.cumulet.firewall.app;

import io.cumulet.firewall.app.GroupStore.GroupFilter;
import io.cumulet.firewall.domain.groups.GroupWish;
import io.cumulet.firewall.domain.groups.Member;
import io.cumulet.firewall.domain.groups.RuleDecisions;
import io.cumulet.firewall.domain.groups.SecurityGroup;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.DefaultNetwork;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Outcome;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.Region;
import io.cumulet.kernel.ResourceKind;
import io.cumulet.plumbing.Transactions;
import io.cumulet.plumbing.idempotency.Claim;
import io.cumulet.plumbing.idempotency.ClientTokens;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Making, finding and deleting groups. */
@ApplicationScoped
public class SecurityGroups {

    private static final String CREATE = "CreateSecurityGroup";

    private final GroupStore store;
    private final MemberStore members;
    private final GroupEvents events;
    private final DefaultGroups defaults;
    private final ClientTokens tokens;
    private final InstantSource clock;

    public SecurityGroups(
            GroupStore store,
            MemberStore members,
            GroupEvents events,
            DefaultGroups defaults,
            ClientTokens tokens,
            InstantSource clock) {
        this.store = store;
        this.members = members;
        this.events = events;
        this.defaults = defaults;
        this.tokens = tokens;
        this.clock = clock;
    }

    /**
     * Makes a group.
     *
     * @param clientToken the same token and wish give the same answer, whatever became of the group since
     */
    public Outcome<SecurityGroup> create(
            AccountId account, Region region, GroupWish wish, @Nullable String clientToken) {
        Optional<Refusal> fault = wish.fault(account, region);
        if (fault.isPresent()) {
            return Outcome.refused(fault.get());
        }
        defaults.ensure(account, region);
        return Transactions.decide(() -> switch (tokens.claim(account, region, CREATE, clientToken, wish)) {
            case Claim.Mismatch(Refusal refusal) -> Outcome.refused(refusal);
            case Claim.Repeat(String result) -> Outcome.done(Made.parse(result).group(account, region, wish));
            case Claim.Fresh() -> createFresh(account, region, wish, clientToken);
        });
    }

    private Outcome<SecurityGroup> createFresh(
            AccountId account, Region region, GroupWish wish, @Nullable String clientToken) {
        Made made = new Made(ResourceKind.SECURITY_GROUP.newId(), clock.instant());
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
    private record Made(String groupId, Instant at) {

        SecurityGroup group(AccountId account, Region region, GroupWish wish) {
            String vpcId = wish.vpcId() == null ? DefaultNetwork.vpcId(account, region) : wish.vpcId();
            return SecurityGroup.fresh(
                    groupId, account, region, vpcId, wish.name(), wish.description(), wish.tags(), at);
        }

        static Made parse(String text) {
            int space = text.indexOf(' ');
            return new Made(text.substring(0, space), Instant.parse(text.substring(space + 1)));
        }

        @Override
        public String toString() {
            return groupId + " " + at;
        }
    }

    public Outcome<SecurityGroup> find(AccountId account, Region region, String groupId) {
        defaults.ensure(account, region);
        return Transactions.read(() -> store.find(account, region, groupId))
                .map(Outcome::done)
                .orElseGet(() -> notFound(groupId));
    }

    public List<SecurityGroup> list(
            AccountId account, Region region, GroupFilter filter, @Nullable String afterId, int limit) {
        defaults.ensure(account, region);
        return Transactions.read(() -> store.list(account, region, filter, afterId, limit));
    }

    /**
     * Deletes a group. Whether an instance has it is known from events, some milliseconds late: a launch under way in
     * the same moment may keep the id of a group that is gone, which lets nothing through.
     */
    public Outcome<SecurityGroup> delete(AccountId account, Region region, String groupId) {
        defaults.ensure(account, region);
        return Transactions.decide(() -> {
            SecurityGroup group = store.lock(account, region, List.of(groupId)).get(groupId);
            if (group == null) {
                return notFound(groupId);
            }
            Outcome<SecurityGroup> decision = RuleDecisions.delete(
                    group,
                    store.referencedBy(group).orElse(null),
                    members.anyOf(account, region, groupId)
                            .map(Member::instanceId)
                            .orElse(null));
            if (decision instanceof Outcome.Done<SecurityGroup>(SecurityGroup last)) {
                store.delete(group);
                events.deleted(last, clock.instant());
            }
            return decision;
        });
    }

    static Outcome<SecurityGroup> notFound(String groupId) {
        return Outcome.refused(
                ErrorCode.GROUP_NOT_FOUND, "groupId", "The security group '" + groupId + "' does not exist");
    }
}
