package io.cumulet.billing.api.focus;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import io.cumulet.billing.domain.focus.FocusColumn;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** Reads exported files: values as text, what is null left out. */
public final class FocusFiles {

    private static final FocusColumn[] COLUMNS = FocusColumn.values();

    private FocusFiles() {}

    public static List<Map<FocusColumn, String>> parquet(byte[] file) throws IOException {
        List<Map<FocusColumn, String>> rows = new ArrayList<>();
        try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(ByteBuffer.wrap(file)));
                RowReader row = reader.rowReader()) {
            while (row.hasNext()) {
                row.next();
                Map<FocusColumn, String> values = new EnumMap<>(FocusColumn.class);
                for (FocusColumn column : COLUMNS) {
                    if (!row.isNull(column.id())) {
                        values.put(column, text(row, column));
                    }
                }
                rows.add(values);
            }
        }
        return rows;
    }

    private static String text(RowReader row, FocusColumn column) {
        return switch (column.type()) {
            case STRING -> row.getString(column.id());
            case KEY_VALUE -> row.getString(column.id());
            case DATE_TIME -> row.getTimestamp(column.id()).toString();
            case DECIMAL -> {
                BigDecimal number = row.getDecimal(column.id());
                yield number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
            }
        };
    }

    public static List<Map<FocusColumn, String>> csv(byte[] file) throws IOException {
        String text;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file))) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<List<String>> lines = new Csv(text).lines();
        List<Map<FocusColumn, String>> rows = new ArrayList<>();
        for (List<String> line : lines.subList(1, lines.size())) {
            Map<FocusColumn, String> values = new EnumMap<>(FocusColumn.class);
            for (int i = 0; i < COLUMNS.length; i++) {
                if (!lines.getFirst().get(i).equals(COLUMNS[i].id())) {
                    throw new IllegalStateException("Not the column " + COLUMNS[i].id());
                }
                if (!line.get(i).isEmpty()) {
                    values.put(COLUMNS[i], line.get(i));
                }
            }
            rows.add(values);
        }
        return rows;
    }

    /** RFC 4180. */
    private static final class Csv {
        private final String text;
        private int at;

        Csv(String text) {
            this.text = text;
        }

        List<List<String>> lines() {
            List<List<String>> lines = new ArrayList<>();
            while (at < text.length()) {
                List<String> line = new ArrayList<>();
                do {
                    line.add(field());
                } while (text.charAt(at++) == ',');
                // Behind the carriage return.
                at++;
                lines.add(line);
            }
            return lines;
        }

        private String field() {
            StringBuilder field = new StringBuilder();
            if (text.charAt(at) != '"') {
                while (text.charAt(at) != ',' && text.charAt(at) != '\r') {
                    field.append(text.charAt(at++));
                }
                return field.toString();
            }
            at++;
            while (text.charAt(at) != '"' || text.charAt(at + 1) == '"') {
                at += text.charAt(at) == '"' ? 1 : 0;
                field.append(text.charAt(at++));
            }
            at++;
            return field.toString();
        }
    }
}
