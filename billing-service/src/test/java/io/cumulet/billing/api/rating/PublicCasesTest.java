package io.cumulet.billing.api.rating;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.billing.domain.rating.Rated;
import io.cumulet.billing.domain.rating.Rating;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published cases of the rating rules, each a scenario with the answer worked out by hand or another program. */
class PublicCasesTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<Path> cases() throws URISyntaxException, IOException {
        Path folder = Path.of(PublicCasesTest.class.getResource("/rating").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aCaseIsRatedAsPublished(Path file) throws IOException {
        JsonNode theCase = JSON.readTree(file.toFile());

        Rated rated = ScenarioReader.read(theCase.get("scenario"))
                .map(Rating::rate)
                .orThrow()
                .complete()
                .orThrow();

        JsonNode answer = written(rated);
        JsonNode expected = theCase.get("expected");
        assertThat(answer.get("totals")).isEqualTo(expected.get("totals"));
        assertThat(rows(answer)).containsExactlyElementsOf(rows(expected));
    }

    private static List<JsonNode> rows(JsonNode answer) {
        List<JsonNode> rows = new ArrayList<>();
        answer.get("rows").forEach(rows::add);
        return rows;
    }

    private static JsonNode written(Rated rated) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            RatedWriter.write(rated, out);
            return JSON.readTree(out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
