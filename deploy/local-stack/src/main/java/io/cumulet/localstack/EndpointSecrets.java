package io.cumulet.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/**
 * What the endpoint seals secrets of access keys with. Made once for each stack and kept among its data, which it belongs to in
 * a backup, too; a file rather than an option, since everybody on a machine sees the options of its processes.
 */
final class EndpointSecrets {

    private static final String SETTING = "cumulet.access-keys.encryption-key";
    private static final int KEY_BYTES = 32;

    private EndpointSecrets() {}

    /** The file of settings, which only its owner may read; made if it isn't there. */
    static Path file(Path data) {
        Path file = data.resolve("endpoint-secrets.properties");
        if (Files.exists(file)) {
            return file;
        }
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        String line = SETTING + "=" + Base64.getEncoder().encodeToString(key) + "\n";
        Path unfinished = data.resolve("endpoint-secrets.unfinished");
        try {
            Files.createDirectories(data);
            Files.deleteIfExists(unfinished);
            Set<OpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try (var channel = Files.newByteChannel(unfinished, fresh, forOwner())) {
                channel.write(StandardCharsets.US_ASCII.encode(line));
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("Can't write " + file, e);
        }
        return file;
    }

    private static FileAttribute<?>[] forOwner() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
