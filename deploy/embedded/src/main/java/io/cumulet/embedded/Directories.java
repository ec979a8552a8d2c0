package io.cumulet.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
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

    /**
     * Copies a directory and all it holds to a place where there is nothing yet, with owners, permissions and times. All of
     * the copy is on the disk when this returns, its name in the directory above as well.
     */
    public static void copy(Path directory, Path target) {
        try (Stream<Path> content = Files.walk(directory)) {
            List<Path> copies = new ArrayList<>();
            for (Path path : (Iterable<Path>) content::iterator) {
                Path copy = target.resolve(directory.relativize(path).toString());
                Files.copy(path, copy, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                copies.add(copy);
            }
            // At the end: the first flush takes most of the others' work with it.
            for (Path copy : copies) {
                if (!Files.isSymbolicLink(copy)) {
                    flush(copy);
                }
            }
            flushDirectoryOf(target);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't copy " + directory + " to " + target, e);
        }
    }

    /** Moves a file or directory within a file system; it has its new name on the disk, too, when this returns. */
    public static void move(Path from, Path to) {
        try {
            Files.move(from, to);
            flushDirectoryOf(to);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't move " + from + " to " + to, e);
        }
    }

    private static void flushDirectoryOf(Path path) throws IOException {
        flush(Objects.requireNonNull(path.toAbsolutePath().getParent()));
    }

    /** A directory is flushed like a file: its names are what it holds. */
    private static void flush(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
