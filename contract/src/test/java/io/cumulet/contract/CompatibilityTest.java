package io.cumulet.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every sample and every schema that was ever published is kept in {@code src/test/resources/published}, numbered; none
 * is ever changed. Today's reader reads them all, and every reader of the past reads today's events.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CompatibilityTest {

    private static final Path PUBLISHED = Path.of("src/test/resources/published");
    private static final Path SUMS = PUBLISHED.resolve("SHA256SUMS");
    private static final String HOW =
            "a new sample or schema is added to the published ones by: mvn -pl contract test -Dtest=CompatibilityTest -Dsurefire.argLine=-Dcontract.write=true";
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @EnumSource(EventType.class)
    void everySampleEverPublishedIsReadToday(EventType type) throws IOException {
        List<Path> samples = published("samples", type.typeName());
        assertThat(samples).isNotEmpty();
        for (Path file : samples) {
            byte[] sample = Files.readAllBytes(file);
            assertThat(validate(Schemas.schema(type), sample)).as("%s", file).isEmpty();
            assertThat(ContractJson.read(sample, type.payload())).as("%s", file).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource(EventType.class)
    void everyReaderOfThePastReadsTodaysEvents(EventType type) throws IOException {
        List<Path> schemas = published("schemas", type.payload().getSimpleName());
        assertThat(schemas).isNotEmpty();
        for (Path file : schemas) {
            assertThat(validate(Files.readAllBytes(file), Schemas.sample(type)))
                    .as("%s", file)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(EventType.class)
    void todaysSampleAndSchemaAreKept(EventType type) throws IOException {
        keep(published("samples", type.typeName()), "samples/" + type.typeName(), ".json", Schemas.sample(type));
        String payload = type.payload().getSimpleName();
        keep(published("schemas", payload), "schemas/" + payload, ".schema.json", Schemas.schema(type));
    }

    @Test
    @Order(Integer.MAX_VALUE) // Last: it notes what the others have added.
    void nothingPublishedWasEverChanged() throws IOException {
        TreeMap<String, String> now = new TreeMap<>();
        try (Stream<Path> files = Files.walk(PUBLISHED)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.equals(SUMS))
                    .toList()) {
                now.put(
                        PUBLISHED.relativize(file).toString().replace('\\', '/'),
                        sum(Files.readString(file).replace("\r\n", "\n")));
            }
        }
        TreeMap<String, String> noted = new TreeMap<>();
        if (Files.exists(SUMS)) {
            Files.readAllLines(SUMS).forEach(line -> noted.put(line.substring(66), line.substring(0, 64)));
        }
        if (Boolean.getBoolean("contract.write")) {
            now.forEach(noted::putIfAbsent);
            StringBuilder lines = new StringBuilder();
            noted.forEach(
                    (file, sum) -> lines.append(sum).append("  ").append(file).append('\n'));
            Files.writeString(SUMS, lines);
        }
        assertThat(now).as(HOW).isEqualTo(noted);
    }

    private static void keep(List<Path> kept, String directory, String ending, byte[] today) throws IOException {
        JsonNode content = JSON.readTree(today);
        if (kept.stream().noneMatch(file -> content.equals(read(file))) && Boolean.getBoolean("contract.write")) {
            Path added = PUBLISHED.resolve(directory).resolve(String.format("%03d%s", kept.size() + 1, ending));
            Files.createDirectories(PUBLISHED.resolve(directory));
            Files.write(added, today);
            return;
        }
        assertThat(kept).as(HOW).anySatisfy(file -> assertThat(read(file)).isEqualTo(content));
    }

    private static JsonNode read(Path file) {
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> published(String kind, String name) throws IOException {
        Path directory = PUBLISHED.resolve(kind).resolve(name);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private static Object[] validate(byte[] schema, byte[] event) throws IOException {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(JSON.readTree(schema))
                .validate(JSON.readTree(event))
                .toArray();
    }

    private static String sum(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
