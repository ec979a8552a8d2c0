package io.cumulet.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointSecretsTest {

    @Test
    void aStackHasOneKeyThatOnlyItsOwnerReads(@TempDir Path data) throws IOException {
        Path file = EndpointSecrets.file(data);
        Properties made = read(file);
        assertThat(Base64.getDecoder().decode(made.getProperty("cumulet.access-keys.encryption-key")))
                .hasSize(32);
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        assertThat(read(EndpointSecrets.file(data))).isEqualTo(made);
        assertThat(read(EndpointSecrets.file(data.resolve("another")))).isNotEqualTo(made);
    }

    private static Properties read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return properties;
    }
}
