package io.cumulet.catalog;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the catalog's own tables: a header line, commas, no quoting. */
final class Csv {

    private Csv() {}

    static List<Row> read(String resource) {
        try (InputStream stream = Csv.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("The catalog lacks " + resource);
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
            Map<String, Integer> columns = new HashMap<>();
            String[] header = reader.readLine().split(",", -1);
            for (int i = 0; i < header.length; i++) {
                columns.put(header[i], i);
            }
            List<Row> rows = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                rows.add(new Row(columns, line.split(",", -1)));
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static final class Row {
        private final Map<String, Integer> columns;
        private final String[] cells;

        Row(Map<String, Integer> columns, String[] cells) {
            this.columns = columns;
            this.cells = cells;
        }

        String text(String column) {
            Integer index = columns.get(column);
            if (index == null) {
                throw new IllegalStateException("No column " + column);
            }
            return cells[index];
        }

        /** A whole number; an empty cell counts as 0. */
        int number(String column) {
            String text = text(column);
            return text.isEmpty() ? 0 : Integer.parseInt(text);
        }

        boolean flag(String column) {
            return text(column).equals("true");
        }

        List<String> list(String column) {
            String text = text(column);
            return text.isEmpty() ? List.of() : List.of(text.split("\\|"));
        }

        Set<String> set(String column) {
            return Stream.of(text(column).split("\\|"))
                    .filter(s -> !s.isEmpty())
                    .collect(Collectors.toUnmodifiableSet());
        }
    }
}
