package io.cumulet.instances.app;

import io.cumulet.instances.domain.lifecycle.Instance;
import io.cumulet.plumbing.timers.DueTimer;
import io.cumulet.plumbing.trace.TraceContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one batch writes, announces and has the driver do. */
final class BatchResult {

    private final ZoneChanges changes = new ZoneChanges();
    private final List<Announced> announcements = new ArrayList<>();
    private final Map<String, DriverCommand> driverCommands = new LinkedHashMap<>();
    private final Map<List<String>, DueTimer> timers = new LinkedHashMap<>();
    private final Set<String> touchedFamilies = new LinkedHashSet<>();

    private @Nullable TraceContext trace;

    /** What follows belongs to this trace, until the next call; null: to none. */
    void causedIn(@Nullable TraceContext cause) {
        trace = cause;
    }

    ZoneChanges changes() {
        return changes;
    }

    void announce(Announcement announcement) {
        announcements.add(new Announced(announcement, trace));
    }

    /** The newest command to an instance is the one that counts. */
    void drive(DriverCommand.Action action, Instance instance) {
        driverCommands.put(
                instance.id(),
                new DriverCommand(action, instance.id(), instance.zone(), instance.run(), instance.tags(), trace));
    }

    /** The newest of a kind and subject is the one that counts. */
    void schedule(DueTimer timer) {
        timers.put(List.of(timer.kind(), timer.subject()), timer);
    }

    /** A family's free capacity isn't what it was. */
    void touch(String family) {
        touchedFamilies.add(family);
    }

    boolean isEmpty() {
        return changes.isEmpty() && announcements.isEmpty() && driverCommands.isEmpty();
    }

    List<Announced> announcements() {
        return announcements;
    }

    List<DriverCommand> driverCommands() {
        return List.copyOf(driverCommands.values());
    }

    List<DueTimer> timers() {
        return List.copyOf(timers.values());
    }

    Set<String> touchedFamilies() {
        return touchedFamilies;
    }
}
