package io.cumulet.plumbing.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;

/**
 * No text that a caller sends has the character U+0000: PostgreSQL can't keep it, and would fail a transaction that others
 * share.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype-character.html">PostgreSQL: the character with code zero
 *     can't be stored</a>
 */
final class NoNul {

    private static final String REASON = "has the character U+0000, which no text can have here";

    private NoNul() {}

    static boolean isIn(String text) {
        return text.indexOf(0) >= 0;
    }

    static String message(String field) {
        return field + " " + REASON;
    }

    /** For texts, and names of fields, in bodies. */
    static SimpleModule inBodies() {
        return new SimpleModule("no-nul")
                .addDeserializer(String.class, new Text())
                .addKeyDeserializer(String.class, new Key());
    }

    private static final class Text extends StringDeserializer {
        private static final long serialVersionUID = 1L;

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return checked(super.deserialize(parser, context), parser);
        }
    }

    private static final class Key extends KeyDeserializer {
        @Override
        public Object deserializeKey(String key, DeserializationContext context) throws IOException {
            return checked(key, context.getParser());
        }
    }

    private static String checked(String text, JsonParser parser) throws InvalidFormatException {
        if (text != null && isIn(text)) {
            throw InvalidFormatException.from(parser, REASON, text, String.class);
        }
        return text;
    }
}
