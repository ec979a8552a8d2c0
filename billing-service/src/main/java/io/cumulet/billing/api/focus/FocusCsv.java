package io.cumulet.billing.api.focus;

import io.cumulet.billing.domain.focus.FocusColumn;
import io.cumulet.billing.domain.focus.FocusDataset;
import io.cumulet.billing.domain.focus.FocusRow;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** A dataset as CSV (RFC 4180) with the names of the columns first, compressed. What has no value is empty and not quoted. */
final class FocusCsv {

    private static final FocusColumn[] COLUMNS = FocusColumn.values();
    private static final String LINE_END = "\r\n";

    private final Writer out;
    private final Map<FocusColumn, KeyValues> keyValues = new EnumMap<>(FocusColumn.class);

    private FocusCsv(Writer out) {
        this.out = out;
    }

    static void write(FocusDataset dataset, OutputStream target) throws IOException {
        GZIPOutputStream zipped = new GZIPOutputStream(target);
        Writer out = new BufferedWriter(new OutputStreamWriter(zipped, StandardCharsets.UTF_8));
        new FocusCsv(out).write(dataset);
        out.flush();
        zipped.finish();
    }

    private void write(FocusDataset dataset) throws IOException {
        for (int i = 0; i < COLUMNS.length; i++) {
            out.write(i == 0 ? "" : ",");
            out.write(COLUMNS[i].id());
        }
        out.write(LINE_END);
        Iterator<FocusRow> rows = dataset.rows().iterator();
        while (rows.hasNext()) {
            write(rows.next());
        }
    }

    private void write(FocusRow row) throws IOException {
        for (int i = 0; i < COLUMNS.length; i++) {
            if (i > 0) {
                out.write(',');
            }
            Object value = row.get(COLUMNS[i]);
            if (value != null) {
                write(text(COLUMNS[i], value));
            }
        }
        out.write(LINE_END);
    }

    private String text(FocusColumn column, Object value) {
        return switch (column.type()) {
            case STRING, DATE_TIME -> value.toString();
            case DECIMAL -> ((BigDecimal) value).toPlainString();
            case KEY_VALUE ->
                keyValues.computeIfAbsent(column, of -> new KeyValues()).json(value);
        };
    }

    private void write(String text) throws IOException {
        if (needsQuotes(text)) {
            out.write('"');
            out.write(text.replace("\"", "\"\""));
            out.write('"');
        } else {
            out.write(text);
        }
    }

    /** An empty text is quoted, since it isn't no value. */
    private static boolean needsQuotes(String text) {
        if (text.isEmpty()) {
            return true;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ',' || c == '"' || c == '\r' || c == '\n') {
                return true;
            }
        }
        return false;
    }
}
