package io.cumulet.localstack;

import io.cumulet.embedded.Directories;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * What the stack's processes run from: hard links to the build's output, not the output itself, which the next build
 * replaces under their feet.
 */
final class Installation {

    private static final String RUNNER = "quarkus-run.jar";

    private final StackSettings settings;

    Installation(StackSettings settings) {
        this.settings = settings;
    }

    /** @throws StackFailure if a service isn't built */
    void checkBuilt() {
        for (Service service : Service.values()) {
            if (!Files.exists(runner(service))) {
                throw new StackFailure("The " + service.module() + " is not built: " + runner(service)
                        + " is missing. Build with: mvn -DskipTests package");
            }
        }
    }

    /** When a service was built. */
    Instant builtAt(Service service) {
        try {
            return Files.getLastModifiedTime(runner(service)).toInstant();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a service's build into a process' own directory; answers the jar to run. */
    Path install(Service service, String process) {
        Path target = directory(settings, process);
        Directories.delete(target);
        mirror(build(service), target);
        return target.resolve(RUNNER);
    }

    /** Puts this program's own classes and libraries into a process' directory; answers its class path, jars by name. */
    List<Path> installSelf(String process) {
        Path target = directory(settings, process);
        Directories.delete(target);
        TreeSet<Path> jars = new TreeSet<>();
        List<Path> classPath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path source = Path.of(entry);
            if (!entry.isEmpty() && Files.isRegularFile(source)) {
                Path jar = target.resolve("lib").resolve(source.getFileName());
                mirror(source, jar);
                jars.add(jar);
            } else if (!entry.isEmpty() && Files.isDirectory(source)) {
                // Where the program runs from a build's directories.
                Path classes = target.resolve("classes");
                mirror(source, classes);
                if (!classPath.contains(classes)) {
                    classPath.add(classes);
                }
            }
        }
        classPath.addAll(jars);
        return classPath;
    }

    /** What a process runs from. */
    private static Path directory(StackSettings settings, String process) {
        return settings.home().resolve("app").resolve(process);
    }

    private Path build(Service service) {
        return settings.project().resolve(service.module()).resolve("target").resolve("quarkus-app");
    }

    private Path runner(Service service) {
        return build(service).resolve(RUNNER);
    }

    private static void mirror(Path source, Path target) {
        try {
            Files.walkFileTree(source, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    link(file, target.resolve(source.relativize(file).toString()));
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void link(Path file, Path target) throws IOException {
        if (Files.exists(target)) {
            return;
        }
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        try {
            Files.createLink(target, file);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }
}
