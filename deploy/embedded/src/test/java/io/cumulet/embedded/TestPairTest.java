package io.cumulet.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cumulet.embedded.TestPair.Choice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestPairTest {

    private static final TestPair CONTAINERS = new TestPair("127.0.0.1:1", "jdbc:postgresql://127.0.0.1:2/");
    private static final TestPair EMBEDDED = new TestPair("127.0.0.1:3", "jdbc:postgresql://127.0.0.1:4/");

    private final List<String> log = new ArrayList<>();

    @Test
    void containersAreTakenWhereTheyCanBeHad() {
        assertThat(start(Choice.of(null), database -> CONTAINERS)).isEqualTo(CONTAINERS);
        assertThat(log).singleElement().asString().contains("on containers");
    }

    @Test
    void anEngineThatCannotPullLeadsToTheEmbeddedPairAndALineThatSaysWhy() {
        assertThat(start(Choice.AUTO, database -> {
                    throw new ContainerPair.Unavailable("the container engine has no postgres:17 and can't pull it");
                }))
                .isEqualTo(EMBEDDED);
        assertThat(log)
                .containsExactly("Tests run on the embedded Kafka and PostgreSQL: the container engine has no "
                        + "postgres:17 and can't pull it. With -Dcumulet.test.pair=containers that fails instead.");
    }

    @Test
    void anyOtherFaultOfTheContainersLeadsToTheEmbeddedPairToo() {
        assertThat(start(Choice.AUTO, database -> {
                    throw new IllegalStateException("start", new IllegalArgumentException("no space left"));
                }))
                .isEqualTo(EMBEDDED);
        assertThat(log).singleElement().asString().contains("no space left");
    }

    @Test
    void whoAsksForContainersGetsTheirFaultInsteadOfAnotherPair() {
        assertThatThrownBy(() -> start(Choice.of("containers"), database -> {
                    throw new ContainerPair.Unavailable("no container engine answers");
                }))
                .hasMessage("no container engine answers");
    }

    @Test
    void whoAsksForTheEmbeddedPairNeedsNoEngine() {
        assertThat(start(Choice.of("embedded"), database -> {
                    throw new AssertionError("containers were asked for");
                }))
                .isEqualTo(EMBEDDED);
    }

    @Test
    void aWordThatIsNoChoiceIsRefused() {
        assertThatThrownBy(() -> Choice.of("docker"))
                .hasMessage("cumulet.test.pair must be auto, containers, embedded, not \"docker\"");
    }

    @Test
    void theImagesAreThoseOfDockerCompose() throws IOException {
        String compose = Files.readString(Path.of("..", "..", "docker-compose.yml"));
        assertThat(ContainerPair.IMAGES).allSatisfy(image -> assertThat(compose).contains("image: " + image + "\n"));
    }

    private TestPair start(Choice choice, TestPair.Start containers) {
        return TestPair.start(choice, "test", containers, database -> EMBEDDED, log::add);
    }
}
