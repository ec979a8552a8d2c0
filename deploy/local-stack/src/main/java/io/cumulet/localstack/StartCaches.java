package io.cumulet.localstack;

import io.cumulet.embedded.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files by which the stack's JVMs start faster: classes found, linked and profiled by an earlier process.
 *
 * <p>From Java 25 on a stack that was trained ({@code ./cumulet prepare}) has AOT caches (JEP 483, 514, 515), one for each
 * program; a cache of another Java or of an older build isn't used. Without one, each process keeps a class archive (JEP
 * 350), which the JVM itself makes at the end of its first run: half the gain for no command.
 */
final class StartCaches {

    private static final String SUFFIX = ".aot";

    private final Path home;
    private final boolean training;

    private StartCaches(Path home, boolean training) {
        this.home = home;
        this.training = training;
    }

    /** Those of a stack, used where they are there. */
    static StartCaches of(StackSettings settings) {
        return new StartCaches(settings.home(), false);
    }

    /** Those of a stack that runs to make them: each process writes its cache when it is asked to stop. */
    static StartCaches training(StackSettings settings) {
        return new StartCaches(settings.home(), true);
    }

    /** Whether this Java can make AOT caches. */
    static boolean canTrain() {
        return Runtime.version().feature() >= 25;
    }

    /** Whether the stack's processes make caches, which takes them some time at their end. */
    boolean isTraining() {
        return training;
    }

    /**
     * The JVM's options for a process.
     *
     * @param program what it runs; several processes may run the same
     * @param installed the directory that it runs from
     */
    List<String> options(String program, DetachedProcess process, Path installed) {
        if (training) {
            create(directory());
            return List.of(
                    "-XX:AOTCacheOutput=" + cache(program),
                    // From a cache with linked classes of a sealed jar (xz, which unpacks PostgreSQL) no JVM starts at
                    // all.
                    program.equals(LocalStack.INFRASTRUCTURE) ? "-XX:-AOTClassLinking" : "-XX:+AOTClassLinking",
                    "-Xlog:aot=off");
        }
        if (Files.exists(cache(program)) && isOlder(installed, cache(program))) {
            return List.of("-XX:AOTCache=" + cache(program));
        }
        if (Runtime.version().feature() >= 19) {
            Path archives = home.resolve("cds");
            create(archives);
            return List.of(
                    "-XX:+AutoCreateSharedArchive",
                    // It warns of every class that it leaves out of the archive.
                    "-Xlog:cds=off",
                    "-XX:SharedArchiveFile=" + archives.resolve(process.name() + ".jsa"));
        }
        return List.of();
    }

    /** The JVM doesn't notice every change of what a cache was made from; classes of yesterday would run. */
    private static boolean isOlder(Path directory, Path cache) {
        try (Stream<Path> files = Files.walk(directory)) {
            FileTime made = Files.getLastModifiedTime(cache);
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                if (Files.getLastModifiedTime(file).compareTo(made) >= 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes the caches that another stack has made. */
    void takeFrom(StartCaches trained) {
        Directories.delete(home.resolve("aot"));
        create(directory());
        try (Stream<Path> caches = Files.list(trained.directory())) {
            for (Path cache :
                    caches.filter(file -> file.toString().endsWith(SUFFIX)).toList()) {
                Files.move(cache, directory().resolve(cache.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether there is one for a program. */
    boolean has(String program) {
        return Files.exists(cache(program));
    }

    private Path cache(String program) {
        return directory().resolve(program + SUFFIX);
    }

    /** A cache serves the very Java that made it. */
    private Path directory() {
        return home.resolve("aot").resolve(Runtime.version().toString());
    }

    private static void create(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
