package io.cumulet.plumbing.rebuild;

import io.cumulet.contract.Topic;
import io.cumulet.plumbing.intake.EventConsumer;
import io.cumulet.plumbing.intake.IncomingEvent;
import java.util.List;

/** A copy of another service's state: a table with a row for each key of a topic, of which the newest version stands. */
public abstract class CopyProjection implements Projection {

    private final CopyTables tables;
    private final EventConsumer consumer;
    private final Topic topic;
    private final String table;
    private final String keyColumn;
    private final List<String> parts;

    /**
     * @param table has a column {@code version}
     * @param keyColumn holds the events' key
     * @param parts tables that hold the rest of it, written by who has written a row of the table
     */
    protected CopyProjection(
            CopyTables tables, EventConsumer consumer, Topic topic, String table, String keyColumn, String... parts) {
        this.tables = tables;
        this.consumer = consumer;
        this.topic = topic;
        this.table = table;
        this.keyColumn = keyColumn;
        this.parts = List.of(parts);
    }

    /** Puts states into the copy, unless it has newer ones. */
    protected abstract void put(List<IncomingEvent> events);

    @Override
    public EventConsumer consumer() {
        return consumer;
    }

    @Override
    public Topic topic() {
        return topic;
    }

    @Override
    public void begin() {
        tables.empty(table, keyColumn, parts);
    }

    @Override
    public void take(List<IncomingEvent> events, boolean taken) {
        List<IncomingEvent> ours = taken ? events : tables.known(events);
        if (!ours.isEmpty()) {
            put(ours);
        }
    }
}
