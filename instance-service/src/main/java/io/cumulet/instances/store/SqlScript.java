package io.cumulet.instances.store;

import io.cumulet.plumbing.SqlArrays;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
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

    private interface Column {
        Array on(Connection connection) throws SQLException;
    }

    /** Adds a statement; its {@code ?} stand for the columns added next. */
    SqlScript statement(String text) {
        sql.append(sql.isEmpty() ? "" : ";\n").append(text);
        return this;
    }

    /** Adds a column: one value of each row. */
    <R> SqlScript column(String type, Collection<R> rows, Function<? super R, ? extends @Nullable Object> value) {
        columns.add(connection -> SqlArrays.column(connection, type, rows, value));
        return this;
    }

    void run(Connection connection) throws SQLException {
        if (sql.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
            for (int i = 0; i < columns.size(); i++) {
                statement.setArray(i + 1, columns.get(i).on(connection));
            }
            statement.execute();
        }
    }
}
