package io.cumulet.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * A real PostgreSQL as a child process, on loopback, with durable commits: {@code fsync} and
 * {@code synchronous_commit} are on.
 *
 * <p>If this JVM is killed, PostgreSQL lives on without it. The next start on the same directory finds it by its
 * {@code postmaster.pid} and stops it first; no committed transaction is lost by that.
 */
public final class EmbeddedDatabase implements AutoCloseable {

    /** Owner of every database; local only, so the password is no secret. */
    public static final String USER = "cumulet";

    /** See {@link #USER}. */
    public static final String PASSWORD = "cumulet";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final int port;
    private final EmbeddedPostgres postgres;

    private EmbeddedDatabase(int port, EmbeddedPostgres postgres) {
        this.port = port;
        this.postgres = postgres;
    }

    /**
     * Starts PostgreSQL and waits until it answers.
     *
     * @param dataDirectory made and initialized if it does not exist yet
     * @param programs where PostgreSQL's own programs are unpacked, once; may be shared by many data directories
     * @param log what PostgreSQL prints is appended here
     * @throws UncheckedIOException if it does not start; the log says why
     */
    public static EmbeddedDatabase start(Path dataDirectory, Path programs, Path log, int port) {
        return start(dataDirectory, programs, log, port, Map.of());
    }

    /** @param others PostgreSQL's settings that differ from this class's own, such as {@code ssl} */
    public static EmbeddedDatabase start(
            Path dataDirectory, Path programs, Path log, int port, Map<String, String> others) {
        stopOrphan(dataDirectory);
        try {
            Files.createDirectories(dataDirectory);
            Files.createDirectories(programs);
            Files.createDirectories(log.toAbsolutePath().getParent());
            discardHalfMade(dataDirectory);
            Redirect toLog = Redirect.appendTo(log.toFile());
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setPort(port)
                    .setDataDirectory(dataDirectory)
                    .setCleanDataDirectory(false)
                    .setOverrideWorkingDirectory(programs.toFile())
                    .setOutputRedirector(toLog)
                    .setErrorRedirector(toLog)
                    .setPGStartupWait(START_TIMEOUT)
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("max_connections", "200")
                    .setServerConfig("shared_buffers", "128MB")
                    .setServerConfig("max_wal_size", "1GB")
                    .setServerConfig("jit", "off")
                    .setServerConfig("timezone", "UTC")
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("unix_socket_directories", "");
            others.forEach(builder::setServerConfig);
            EmbeddedPostgres postgres = builder.start();
            EmbeddedDatabase database = new EmbeddedDatabase(port, postgres);
            database.createUser();
            return database;
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not start on port " + port + "; see " + log, e);
        }
    }

    /** For drivers; {@link #USER} and {@link #PASSWORD} log in. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** Makes a database of the user {@link #USER} unless it exists. */
    public void createDatabase(String name) {
        checkName(name);
        if (!exists("SELECT 1 FROM pg_database WHERE datname = ?", name)) {
            execute("CREATE DATABASE " + name + " OWNER " + USER);
        }
    }

    /** Stops PostgreSQL; what it holds stays on disk. */
    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL on port " + port + " did not stop", e);
        }
    }

    /**
     * Stops a PostgreSQL that still runs on a data directory though the JVM that started it is gone.
     *
     * @return the process that was stopped, if there was one
     */
    public static Optional<Long> stopOrphan(Path dataDirectory) {
        Optional<ProcessHandle> orphan = runningOn(dataDirectory);
        orphan.ifPresent(EmbeddedDatabase::stopFast);
        return orphan.map(ProcessHandle::pid);
    }

    /** The PostgreSQL that has this data directory open now, whoever started it. */
    public static Optional<ProcessHandle> runningOn(Path dataDirectory) {
        List<String> lines;
        try {
            lines = Files.readAllLines(dataDirectory.resolve("postmaster.pid"));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (lines.size() < 2 || !samePlace(Path.of(lines.get(1).strip()), dataDirectory)) {
            return Optional.empty();
        }
        // The file outlives a crash of the machine, so its process id may belong to another program by now.
        return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                .filter(process -> process.info()
                        .command()
                        .map(EmbeddedDatabase::isPostgres)
                        .orElse(false));
    }

    private static boolean isPostgres(String command) {
        return new File(command).getName().startsWith("postgres");
    }

    private static boolean samePlace(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }

    private static void stopFast(ProcessHandle process) {
        try {
            // SIGINT is PostgreSQL's fast shutdown: it sends its clients away. SIGTERM would wait for them to leave.
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .start()
                    .waitFor();
            process.onExit().get(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while stopping PostgreSQL " + process.pid(), e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "PostgreSQL (process " + process.pid() + ") did not stop within " + STOP_TIMEOUT.toSeconds()
                            + " s; stop it by hand",
                    e);
        }
    }

    /** A start that was killed within its first seconds leaves a directory that is no database yet. */
    private static void discardHalfMade(Path dataDirectory) throws IOException {
        if (!Files.exists(dataDirectory.resolve("cumulet-ready"))
                && Files.exists(dataDirectory.resolve("PG_VERSION"))) {
            Directories.delete(dataDirectory);
            Files.createDirectories(dataDirectory);
        }
    }

    private void createUser() throws IOException {
        if (!exists("SELECT 1 FROM pg_roles WHERE rolname = ?", USER)) {
            execute("CREATE ROLE " + USER + " LOGIN PASSWORD '" + PASSWORD + "'");
        }
        Path ready = Path.of(query("SHOW data_directory")).resolve("cumulet-ready");
        if (!Files.exists(ready)) {
            Files.createFile(ready);
        }
    }

    private static void checkName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Not a name for a database: " + name);
        }
    }

    private boolean exists(String sql, String argument) {
        try (Connection connection = superuser().getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, argument);
            try (ResultSet result = statement.executeQuery()) {
                return result.next();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private String query(String sql) {
        try (Connection connection = superuser().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private void execute(String sql) {
        try (Connection connection = superuser().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private DataSource superuser() {
        return postgres.getPostgresDatabase();
    }
}
