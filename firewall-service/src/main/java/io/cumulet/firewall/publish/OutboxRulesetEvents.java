package io.cumulet.firewall.publish;

import io.cumulet.contract.EventType;
import io.cumulet.contract.RulesetChunk;
import io.cumulet.contract.RulesetDelta;
import io.cumulet.firewall.app.RulesetEvents;
import io.cumulet.kernel.AccountId;
import io.cumulet.plumbing.outbox.NewEvent;
import io.cumulet.plumbing.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Rulesets on {@code firewall.rulesets}: what changed, and now and then all of it. */
@ApplicationScoped
public class OutboxRulesetEvents implements RulesetEvents {

    private final Outbox outbox;

    public OutboxRulesetEvents(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public void tell(List<Event> events, Instant at) {
        List<NewEvent> told = new ArrayList<>();
        for (Event event : events) {
            switch (event) {
                case Delta delta ->
                    told.add(event(
                            EventType.RULESET_CHANGED,
                            delta,
                            at,
                            new RulesetDelta(delta.hostId(), delta.version(), at, delta.lines())));
                case Whole whole -> {
                    for (int i = 0; i < whole.parts().size(); i++) {
                        told.add(event(
                                EventType.RULESET_FULL,
                                whole,
                                at,
                                new RulesetChunk(
                                        whole.hostId(),
                                        whole.version(),
                                        i,
                                        whole.parts().size(),
                                        at,
                                        whole.parts().get(i))));
                    }
                }
            }
        }
        outbox.append(told);
    }

    private static NewEvent event(EventType type, Event event, Instant at, Record data) {
        return new NewEvent(type, event.hostId(), AccountId.OPERATOR, event.region(), event.version(), at, null, data);
    }
}
