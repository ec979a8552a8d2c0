package io.cumulet.billing.publish;

import io.cumulet.billing.app.UsageEvents;
import io.cumulet.billing.domain.metering.MeteredThing;
import io.cumulet.billing.domain.metering.UsageRun;
import io.cumulet.contract.EventType;
import io.cumulet.contract.UsageSnapshot;
import io.cumulet.plumbing.outbox.NewEvent;
import io.cumulet.plumbing.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;

/** Ended runs as {@code usage.metered}. */
@ApplicationScoped
public class UsagePublisher implements UsageEvents {

    private final Outbox outbox;

    public UsagePublisher(Outbox outbox) {
        this.outbox = outbox;
    }

    @Override
    public void metered(List<Metered> runs) {
        outbox.append(runs.stream().map(UsagePublisher::event).toList());
    }

    private static NewEvent event(Metered metered) {
        UsageRun run = metered.run().run();
        return new NewEvent(
                EventType.USAGE_METERED,
                run.instanceId(),
                run.thing().account(),
                run.thing().region(),
                metered.run().usageVersion(),
                metered.cause().at(),
                metered.cause().eventId(),
                snapshot(run, metered.run().usageVersion()));
    }

    static UsageSnapshot snapshot(UsageRun run, long version) {
        UsageRun.End end = Objects.requireNonNull(run.end(), "only ended runs are published");
        MeteredThing thing = run.thing();
        return new UsageSnapshot(
                run.instanceId(),
                thing.account().value(),
                thing.region().value(),
                thing.zone().value(),
                run.number(),
                version,
                thing.instanceType().value(),
                thing.os().code(),
                thing.tenancy().code(),
                thing.market().code(),
                run.startedAt(),
                end.at(),
                end.cause().code(),
                end.seconds(),
                run.provisional());
    }
}
