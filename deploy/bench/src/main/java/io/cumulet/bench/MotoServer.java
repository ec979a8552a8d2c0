package io.cumulet.bench;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The server of moto, a peer that keeps all in memory and checks no signatures, if it is on this machine. */
final class MotoServer implements AutoCloseable {

    private static final int START_SECONDS = 60;

    private final Process process;
    private final URI url;

    private MotoServer(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    /** Where the program is; empty if nobody has installed it. */
    static Optional<Path> find() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(path)
                .map(directory -> Path.of(directory, "moto_server"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts one with nothing in it. */
    static MotoServer start(Path program) throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Process process = new ProcessBuilder(program.toString(), "-H", "127.0.0.1", "-p", Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            try (Socket answering = new Socket("127.0.0.1", port)) {
                return new MotoServer(process, URI.create("http://127.0.0.1:" + port));
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > limit) {
                    process.destroyForcibly();
                    throw new IOException(program + " doesn't answer", e);
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    URI url() {
        return url;
    }

    /** Forgets all that was made. */
    void reset() throws IOException {
        try (AwsConnection connection = new AwsConnection(url, KEY)) {
            connection.post("/moto-api/reset").expectOk();
        }
    }

    static final AwsConnection.Key KEY = new AwsConnection.Key("AKIAIOSFODNN7EXAMPLE", "any");

    @Override
    public void close() {
        process.destroy();
    }
}
