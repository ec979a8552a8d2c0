package io.cumulet.endpoint.services;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** The query of a REST call. */
public final class Query {

    private final StringBuilder text = new StringBuilder();

    private Query() {}

    public static Query none() {
        return new Query();
    }

    /** A parameter, unless its value is null. */
    public Query and(String name, @Nullable Object value) {
        if (value != null) {
            text.append('&')
                    .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                    .append('=')
                    .append(URLEncoder.encode(value.toString(), StandardCharsets.UTF_8));
        }
        return this;
    }

    /** A parameter given once for each value. */
    public Query andEach(String name, Collection<?> values) {
        values.forEach(value -> and(name, value));
        return this;
    }

    /** A query that begins as this one does. */
    public Query copy() {
        Query copy = new Query();
        copy.text.append(text);
        return copy;
    }

    /** Empty, or beginning with an ampersand. */
    @Override
    public String toString() {
        return text.toString();
    }
}
