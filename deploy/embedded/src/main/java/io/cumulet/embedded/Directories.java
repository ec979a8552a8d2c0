package io.cumulet.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** Whole directories. */
public final class Directories {

    private Directories() {}

    /** Deletes a directory and all it holds; nothing happens if it does not exist. */
    public static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> content = Files.walk(directory)) {
            for (Path path : content.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't delete " + directory, e);
        }
    }

    /** Copies a directory and all it holds to a place where there is nothing yet, with owners, permissions and times. */
    public static void copy(Path directory, Path target) {
        try (Stream<Path> content = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) content::iterator) {
                Files.copy(
                        path,
                        target.resolve(directory.relativize(path).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        LinkOption.NOFOLLOW_LINKS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Can't copy " + directory + " to " + target, e);
        }
    }
}
