package io.cumulet.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Files by which the stack's JVMs start faster: classes found and linked by an earlier process. From Java 19 on each program
 * has one (JEP 350), which the JVM itself makes at the end of the program's first run, and anew after another build.
 */
final class ClassArchives {

    private final Path directory;

    ClassArchives(StackSettings settings) {
        this.directory = settings.home().resolve("cds");
    }

    /**
     * The JVM's options for a process.
     *
     * @param program what it runs; several processes may run the same
     */
    List<String> options(String program, DetachedProcess process) {
        if (Runtime.version().feature() < 19) {
            return List.of();
        }
        String archive = "-XX:SharedArchiveFile=" + file(program);
        // The JVM warns of every class that it leaves out, and where there is no archive yet.
        String quiet = "-Xlog:cds=off";
        if (!process.name().equals(program)) {
            // Two processes that end together must not write the same file.
            return List.of(archive, quiet);
        }
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of("-XX:+AutoCreateSharedArchive", archive, quiet);
    }

    /** Deletes the archive of a program: half of one makes each start slower, and the JVM never mends it. */
    void forget(String program) {
        try {
            Files.deleteIfExists(file(program));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String program) {
        return directory.resolve(program + ".jsa");
    }
}
