package io.cumulet.billing.intake;

import io.cumulet.billing.app.Metering;
import io.cumulet.billing.app.RebuildStore;
import io.cumulet.billing.app.Told;
import io.cumulet.billing.domain.metering.Fact;
import io.cumulet.contract.Topic;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import io.cumulet.plumbing.rebuild.Projection;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Facts, tags and runs. Bills show the old ones until a rebuild is committed. */
@Singleton
class UsageProjection implements Projection {

    private final LifecycleIntake lifecycle;
    private final Metering metering;
    private final RebuildStore store;

    UsageProjection(LifecycleIntake lifecycle, Metering metering, RebuildStore store) {
        this.lifecycle = lifecycle;
        this.metering = metering;
        this.store = store;
    }

    @Override
    public EventConsumer consumer() {
        return lifecycle;
    }

    @Override
    public Topic topic() {
        return Topic.INSTANCES_LIFECYCLE;
    }

    @Override
    public void begin() {
        store.begin();
    }

    @Override
    public void take(List<IncomingEvent> events, boolean taken) {
        List<Told> told = events.stream().map(LifecycleIntake::told).toList();
        metering.restore(taken ? told : knownBefore(told));
    }

    private List<Told> knownBefore(List<Told> told) {
        Set<Fact> known =
                new HashSet<>(store.knownBefore(told.stream().map(Told::fact).toList()));
        return told.stream().filter(one -> known.contains(one.fact())).toList();
    }

    @Override
    public void finish() {
        store.finish();
    }
}
