package io.cumulet.plumbing.outbox;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** A record's headers as text, a line each ({@code name=value}), as outbox and parked records keep them. */
public final class EventHeaders {

    private EventHeaders() {}

    public static void add(StringBuilder text, String name, @Nullable String value) {
        if (value != null) {
            text.append(name).append('=').append(value.replace('\n', ' ')).append('\n');
        }
    }

    public static List<Header> parse(String text) {
        List<Header> headers = new ArrayList<>(14);
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            int equals = text.indexOf('=', start);
            headers.add(new RecordHeader(
                    text.substring(start, equals),
                    text.substring(equals + 1, end).getBytes(StandardCharsets.UTF_8)));
            start = end + 1;
        }
        return headers;
    }

    public static String format(Headers headers) {
        StringBuilder text = new StringBuilder();
        for (Header header : headers) {
            byte[] value = header.value();
            add(text, header.key(), value == null ? "" : new String(value, StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    /** The last header of a name as text; null if there is none. */
    public static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
