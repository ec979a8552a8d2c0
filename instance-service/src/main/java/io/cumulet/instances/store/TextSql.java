package io.cumulet.instances.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Statements whose values are texts; where a column is none, the statement says so ({@code ?::jsonb}). */
final class TextSql {

    private final DataSource dataSource;
    private final String what;

    /** @param what they are about, for what is said if the database refuses */
    TextSql(DataSource dataSource, String what) {
        this.dataSource = dataSource;
        this.what = what;
    }

    interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    <T> List<T> query(String sql, Reader<T> reader, @Nullable String... values) {
        List<T> rows = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                select.setString(i + 1, values[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rows.add(reader.read(row));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Could not read " + what, e);
        }
        return rows;
    }

    /** The answer to a question that is one row with one truth. */
    boolean is(String question, String... values) {
        return query(question, row -> row.getBoolean(1), values).getFirst();
    }

    void run(String sql, @Nullable String... values) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("Could not write " + what, e);
        }
    }
}
