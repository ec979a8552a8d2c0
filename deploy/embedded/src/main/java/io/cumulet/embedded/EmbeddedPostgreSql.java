package io.cumulet.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A real PostgreSQL as a process of its own, on loopback, with durable commits ({@code fsync} and {@code
 * synchronous_commit} are on; the library's default is off). Its directory can be used again. A server that a killed
 * process left behind on the same directory is stopped first.
 */
public final class EmbeddedPostgreSql implements AutoCloseable {

    /** The owner of every database, and its password: loopback only. */
    public static final String USER = "cumulet";

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private final EmbeddedPostgres server;
    private final int port;

    private EmbeddedPostgreSql(EmbeddedPostgres server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts a server.
     *
     * @param home where its program and its data are kept; made if it isn't there
     */
    public static EmbeddedPostgreSql start(Path home, int port) throws IOException {
        Path data = home.resolve("data");
        Files.createDirectories(home);
        stopOrphan(data);
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(data)
                .setOverrideWorkingDirectory(home.resolve("program").toFile())
                .setCleanDataDirectory(false)
                .setPGStartupWait(START_TIMEOUT)
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("max_connections", "200")
                .setServerConfig("shared_buffers", "128MB")
                .setServerConfig("max_wal_size", "1GB")
                .setServerConfig("timezone", "UTC")
                .start();
        EmbeddedPostgreSql started = new EmbeddedPostgreSql(server, port);
        try {
            started.createUser();
        } catch (SQLException e) {
            server.close();
            throw new IOException("PostgreSQL runs, but its user could not be made", e);
        }
        return started;
    }

    /** Makes a database that the user {@value #USER} owns, if it isn't there. */
    public void createDatabase(String name) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            if (!exists(statement, "SELECT 1 FROM pg_database WHERE datname = '" + name + "'")) {
                statement.execute("CREATE DATABASE \"" + name + "\" OWNER " + USER);
            }
        }
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    public int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void createUser() throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            if (!exists(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + USER + "'")) {
                statement.execute("CREATE ROLE " + USER + " LOGIN PASSWORD '" + USER + "'");
            }
        }
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            return result.next();
        }
    }

    /**
     * Stops a server that still runs on this data directory. The first line of {@code postmaster.pid} is its process id;
     * the id may have been given to another program since, so its command is looked at too.
     */
    private static void stopOrphan(Path data) throws IOException {
        Path pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        Optional<ProcessHandle> orphan = lines.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(lines.getFirst().trim())).filter(EmbeddedPostgreSql::isPostgres);
        if (orphan.isPresent()) {
            orphan.get().destroy();
            try {
                orphan.get().onExit().get(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("Stopped while waiting for a PostgreSQL that was left behind", e);
            } catch (ExecutionException | TimeoutException e) {
                throw new IOException("PostgreSQL " + orphan.get().pid() + " was left behind and does not stop", e);
            }
        }
        Files.deleteIfExists(pidFile);
        Files.deleteIfExists(data.resolve("epg-lock"));
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> command.contains("postgres"))
                .orElse(false);
    }
}
