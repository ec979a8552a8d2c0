package io.cumulet.localstack;

import io.cumulet.embedded.EmbeddedDatabase;
import io.cumulet.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The process that carries Kafka and PostgreSQL; it writes a file once both answer, and runs until it is stopped. */
public final class Infrastructure {

    private static final long LOOK_MILLIS = 500;

    private Infrastructure() {}

    /** Arguments: project, home, and the ports of Kafka, its controller and PostgreSQL. */
    public static void main(String[] args) throws IOException, ExecutionException, InterruptedException {
        StackSettings settings = new StackSettings(
                Path.of(args[0]),
                Path.of(args[1]),
                Integer.parseInt(args[2]),
                Integer.parseInt(args[3]),
                Integer.parseInt(args[4]),
                Map.of(),
                Map.of(),
                Map.of());
        Path ready = readyFile(settings);
        Files.deleteIfExists(ready);
        try (ExecutorService starting = Executors.newSingleThreadExecutor()) {
            Future<EmbeddedDatabase> database = starting.submit(() -> startDatabase(settings));
            EmbeddedKafka kafka =
                    EmbeddedKafka.start(settings.kafkaData(), settings.kafkaPort(), settings.kafkaControllerPort());
            Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "stop-kafka"));
            database.get();
        } catch (RuntimeException | ExecutionException e) {
            e.printStackTrace();
            // Threads of the half that did start would keep the process alive.
            Runtime.getRuntime().exit(1);
        }
        Files.writeString(ready, ProcessHandle.current().pid() + "\n");
        keepDatabaseUp(settings);
    }

    /** A PostgreSQL that was killed is started again on its data; it lives apart from this process, which lives on. */
    private static void keepDatabaseUp(StackSettings settings) throws InterruptedException {
        AtomicBoolean stopping = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopping.set(true), "stopping"));
        while (true) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            if (EmbeddedDatabase.runningOn(settings.postgresData()).isEmpty()) {
                // The end of this process stops PostgreSQL too, a moment before or after its hooks tell us.
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                if (!stopping.get()) {
                    System.err.println("PostgreSQL has ended; starting it again");
                    try {
                        startDatabase(settings);
                    } catch (RuntimeException e) {
                        // Processes it left behind may hold its memory for a moment longer.
                        e.printStackTrace();
                    }
                }
            }
        }
    }

    private static EmbeddedDatabase startDatabase(StackSettings settings) {
        EmbeddedDatabase database = EmbeddedDatabase.start(
                settings.postgresData(),
                settings.home().resolve("postgres-programs"),
                settings.logs().resolve("postgres.log"),
                settings.postgresPort());
        for (Service service : Service.values()) {
            database.createDatabase(service.database());
        }
        return database;
    }

    static Path readyFile(StackSettings settings) {
        return settings.run().resolve("infrastructure.ready");
    }
}
