package io.cumulet.endpoint.publish;

import io.cumulet.contract.AccessDecision;
import io.cumulet.contract.AccessKeySnapshot;
import io.cumulet.contract.EventType;
import io.cumulet.endpoint.app.AccessAudit;
import io.cumulet.endpoint.app.AuditSequence;
import io.cumulet.endpoint.domain.keys.AccessKey;
import io.cumulet.endpoint.domain.keys.Policy;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.Region;
import io.cumulet.plumbing.outbox.NewEvent;
import io.cumulet.plumbing.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Decisions and changes of keys on {@code access.audit}; each account's are numbered without a gap. */
@ApplicationScoped
class OutboxAccessAudit implements AccessAudit {

    private final Outbox outbox;
    private final AuditSequence sequence;

    OutboxAccessAudit(Outbox outbox, AuditSequence sequence) {
        this.outbox = outbox;
        this.sequence = sequence;
    }

    @Override
    public void decided(List<Decision> decisions) {
        // Accounts in one order: two processes that number the same ones don't wait for each other in a circle.
        Map<AccountId, List<Decision>> byAccount =
                decisions.stream().collect(Collectors.groupingBy(Decision::account, TreeMap::new, Collectors.toList()));
        List<NewEvent> events = new ArrayList<>(decisions.size());
        byAccount.forEach((account, itsDecisions) -> {
            long version = sequence.take(account, itsDecisions.size());
            for (Decision decision : itsDecisions) {
                events.add(event(decision, version++));
            }
        });
        outbox.append(events);
    }

    private static NewEvent event(Decision decision, long version) {
        String account = decision.account().value();
        return new NewEvent(
                decision.allowed() ? EventType.ACCESS_ALLOWED : EventType.ACCESS_DENIED,
                account,
                decision.account(),
                decision.region(),
                version,
                decision.time(),
                null,
                new AccessDecision(
                        account,
                        version,
                        decision.accessKeyId(),
                        decision.principalArn(),
                        decision.action(),
                        decision.region().value(),
                        decision.allowed() ? "allowed" : "denied",
                        decision.sourceAddress(),
                        decision.userAgent(),
                        decision.requestId(),
                        decision.time()));
    }

    @Override
    public void created(AccessKey key, Change change) {
        append(EventType.ACCESS_KEY_CREATED, key, change);
    }

    @Override
    public void changed(AccessKey key, Change change) {
        append(EventType.ACCESS_KEY_CHANGED, key, change);
    }

    @Override
    public void deleted(AccessKey key, Change change) {
        append(EventType.ACCESS_KEY_DELETED, key, change);
    }

    private void append(EventType type, AccessKey key, Change change) {
        long version = sequence.take(key.account(), 1);
        outbox.append(new NewEvent(
                type,
                key.account().value(),
                key.account(),
                Region.DEFAULT,
                version,
                change.time(),
                null,
                new AccessKeySnapshot(
                        key.account().value(),
                        version,
                        key.id(),
                        key.status().code(),
                        key.policy() == null ? null : statements(key.policy()),
                        key.createdAt(),
                        change.changedBy(),
                        change.requestId(),
                        change.time())));
    }

    private static List<AccessKeySnapshot.Statement> statements(Policy policy) {
        return policy.statements().stream()
                .map(statement ->
                        new AccessKeySnapshot.Statement(statement.effect().code(), statement.actions()))
                .toList();
    }
}
