package io.cumulet.localstack;

import io.cumulet.embedded.EmbeddedDatabase;
import io.cumulet.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The process that carries Kafka and PostgreSQL; it writes a file once both answer, and runs until it is stopped. */
public final class Infrastructure {

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
        new CountDownLatch(1).await();
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
