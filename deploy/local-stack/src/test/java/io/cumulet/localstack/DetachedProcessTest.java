package io.cumulet.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cumulet.embedded.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetachedProcessTest {

    @TempDir
    Path project;

    private StackSettings settings;
    private DetachedProcess process;

    @BeforeEach
    void make() {
        settings = StackSettings.onFreePorts(project, project.resolve("home with a space"));
        process = new DetachedProcess("sleeper", settings);
    }

    @AfterEach
    void stop() {
        process.kill();
    }

    @Test
    void aStartedProcessIsFoundByItsFileAndStops() {
        process.start(sleeper());
        assertThat(new DetachedProcess("sleeper", settings).running()).isPresent();
        assertThat(process.askToStop()).isTrue();
        process.awaitStop(Duration.ofSeconds(10));
        assertThat(process.running()).isEmpty();
        assertThat(process.askToStop()).isFalse();
    }

    @Test
    void aKilledProcessIsSeenAsGone() {
        process.start(sleeper());
        process.kill();
        assertThat(process.running()).isEmpty();
    }

    @Test
    void anotherProgramWithTheSameProcessIdIsNotTakenForIt() throws IOException {
        Files.createDirectories(settings.run());
        Files.writeString(
                settings.run().resolve("sleeper.pid"), ProcessHandle.current().pid() + "\n");
        assertThat(process.running()).isEmpty();
    }

    @Test
    void aTakenPortIsRefusedWithItsOwnerAndTheVariableThatMovesIt() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            StackSettings clash = StackSettings.of(
                    project,
                    Map.of(
                            "CUMULET_KAFKA_PORT",
                            Integer.toString(port),
                            "CUMULET_KAFKA_CONTROLLER_PORT",
                            "" + Ports.free()));
            for (Service service : Service.values()) {
                Path jar = project.resolve(service.module()).resolve("target/quarkus-app/quarkus-run.jar");
                Files.createDirectories(jar.getParent());
                Files.createFile(jar);
            }
            assertThatThrownBy(() -> new LocalStack(clash).up(Progress.silent()))
                    .isInstanceOf(StackFailure.class)
                    .hasMessageStartingWith("Port " + port + " for Kafka is taken")
                    .hasMessageContaining("CUMULET_KAFKA_PORT=");
        }
    }

    private List<String> sleeper() {
        // The mark stands in the command line, as it does for a JVM.
        return List.of("bash", "-c", "while :; do sleep 1; done", process.mark());
    }
}
