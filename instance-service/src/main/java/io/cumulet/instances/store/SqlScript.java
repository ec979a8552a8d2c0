package io.cumulet.instances.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Several statements sent as one, in one round trip to the server. Each works on whole columns ({@code unnest(?::text[],
 * …)}), so that its text, and with it the server's plan, stays the same however many rows there are.
 */
final class SqlScript {

    private final StringBuilder sql = new StringBuilder();
    private final List<Column> columns = new ArrayList<>();

    private record Column(String type, @Nullable Object[] values) {}

    /** Adds a statement; its {@code ?} stand for the columns added next. */
    SqlScript statement(String text) {
        sql.append(sql.isEmpty() ? "" : ";\n").append(text);
        return this;
    }

    /** Adds a column: one value of each row. */
    <R> SqlScript column(String type, Collection<R> rows, Function<? super R, ? extends @Nullable Object> value) {
        @Nullable Object[] values = new Object[rows.size()];
        int i = 0;
        for (R row : rows) {
            Object cell = value.apply(row);
            values[i++] = cell instanceof Instant instant ? instant.toString() : cell;
        }
        columns.add(new Column(type, values));
        return this;
    }

    void run(Connection connection) throws SQLException {
        if (sql.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
            for (int i = 0; i < columns.size(); i++) {
                Column column = columns.get(i);
                statement.setArray(i + 1, connection.createArrayOf(column.type(), column.values()));
            }
            statement.execute();
        }
    }
}
