package io.cumulet.plumbing;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Many values as one parameter: a column of many rows for {@code unnest}, or a list for {@code ANY}. */
public final class SqlArrays {

    private SqlArrays() {}

    /**
     * One value of each row. The array has its values' own type, not Object: the driver sends such a one in PostgreSQL's
     * binary form, and writes each element of an Object[] as quoted text, character by character.
     *
     * @param type of an element, PostgreSQL's name
     * @param value of a row: Long for bigint, Integer for integer, Boolean for boolean, byte[] for bytea; anything else is
     *     sent as its text
     */
    public static <R> Array column(
            Connection connection,
            String type,
            Collection<R> rows,
            Function<? super R, ? extends @Nullable Object> value)
            throws SQLException {
        @Nullable
        Object[] values = switch (type) {
            case "bigint" -> new Long[rows.size()];
            case "integer" -> new Integer[rows.size()];
            case "boolean" -> new Boolean[rows.size()];
            case "bytea" -> new byte[rows.size()][];
            default -> new String[rows.size()];
        };
        boolean isText = values instanceof String[];
        int i = 0;
        for (R row : rows) {
            Object cell = value.apply(row);
            values[i++] = isText ? text(cell) : cell;
        }
        return connection.createArrayOf(type, values);
    }

    /** Texts as they are. */
    public static Array texts(Connection connection, Collection<String> texts) throws SQLException {
        return column(connection, "text", texts, text -> text);
    }

    private static @Nullable String text(@Nullable Object cell) {
        if (cell == null) {
            return null;
        }
        String text = cell.toString();
        // PostgreSQL reads years of five digits without a sign.
        return cell instanceof Instant && text.startsWith("+") ? text.substring(1) : text;
    }
}
