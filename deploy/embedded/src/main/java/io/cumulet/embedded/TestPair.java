package io.cumulet.embedded;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The Kafka and the PostgreSQL that tests run on: containers of the official images, or the embedded ones.
 *
 * @param bootstrapServers of the broker
 * @param jdbcUrl up to and with the slash before the database's name; {@link EmbeddedDatabase#USER} and
 *     {@link EmbeddedDatabase#PASSWORD} log in
 */
public record TestPair(String bootstrapServers, String jdbcUrl) {

    /** The system property that makes the choice: {@code auto} (if not set), {@code containers} or {@code embedded}. */
    public static final String PROPERTY = "cumulet.test.pair";

    /** Which pair. */
    enum Choice {
        /** Containers where an engine answers and has or gets the images; else, or if anything goes wrong, embedded. */
        AUTO,
        /** Containers, and a failure if they can't be had. */
        CONTAINERS,
        EMBEDDED;

        static Choice of(@Nullable String value) {
            if (value == null || value.isBlank()) {
                return AUTO;
            }
            return Arrays.stream(values())
                    .filter(choice -> choice.word().equals(value.strip()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(PROPERTY + " must be "
                            + Arrays.stream(values()).map(Choice::word).collect(Collectors.joining(", "))
                            + ", not \"" + value + "\""));
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A way to a running pair with one empty database. */
    @FunctionalInterface
    interface Start {
        TestPair with(String database);
    }

    /**
     * Starts the pair that was chosen; it runs until the JVM ends.
     *
     * @param log is told which pair it is, and why
     */
    static TestPair start(Choice choice, String database, Start containers, Start embedded, Consumer<String> log) {
        return switch (choice) {
            case EMBEDDED -> embedded.with(database);
            case CONTAINERS -> containers.with(database);
            case AUTO -> {
                try {
                    TestPair pair = containers.with(database);
                    log.accept("Tests run on containers: Kafka " + pair.bootstrapServers() + ", " + pair.jdbcUrl());
                    yield pair;
                } catch (RuntimeException e) {
                    log.accept("Tests run on the embedded Kafka and PostgreSQL: " + reason(e) + ". With -D" + PROPERTY
                            + "=containers that fails instead.");
                    yield embedded.with(database);
                }
            }
        };
    }

    private static String reason(RuntimeException e) {
        if (e instanceof ContainerPair.Unavailable unavailable) {
            return unavailable.reason;
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return "containers did not start (" + root + ")";
    }
}
