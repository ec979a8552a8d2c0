package io.cumulet.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackSettingsTest {

    @TempDir
    Path project;

    @Test
    void withoutSettingsTheUsualPortsAreTaken() {
        StackSettings settings = StackSettings.of(project, Map.of());
        assertThat(settings.bootstrapServers()).isEqualTo("127.0.0.1:9092");
        assertThat(settings.jdbcUrl(Service.SPOT_MARKET)).isEqualTo("jdbc:postgresql://127.0.0.1:15432/spotmarket");
        assertThat(settings.suiteUrls())
                .isEqualTo(
                        "http://127.0.0.1:8081,http://127.0.0.1:8082,http://127.0.0.1:8083,http://127.0.0.1:8084,http://127.0.0.1:8080");
        assertThat(settings.home()).isEqualTo(project.resolve(".cumulet"));
    }

    @Test
    void theBarrierIsToldOfEachProcessOfAService() {
        StackSettings settings = StackSettings.onFreePorts(project, project.resolve("home"));
        StackSettings replicas = settings.seenFromReplicas();
        assertThat(settings.suiteUrls().split(","))
                .hasSize(Service.values().length)
                .contains(settings.url(Service.BILLING) + "|" + replicas.url(Service.BILLING));
        assertThat(replicas.jdbcUrl(Service.BILLING)).isEqualTo(settings.jdbcUrl(Service.BILLING));
    }

    @Test
    void eachPortIsMovedByItsOwnVariable() {
        for (StackSettings.NamedPort usual : StackSettings.of(project, Map.of()).allPorts()) {
            StackSettings moved = StackSettings.of(project, Map.of(usual.variable(), "20123"));
            assertThat(moved.allPorts())
                    .filteredOn(port -> port.port() == 20_123)
                    .extracting(StackSettings.NamedPort::variable)
                    .containsExactly(usual.variable());
        }
    }

    @Test
    void aPortThatIsNoneIsRefusedByName() {
        assertThatThrownBy(() -> StackSettings.of(project, Map.of("CUMULET_BILLING_PORT", "80a")))
                .isInstanceOf(StackFailure.class)
                .hasMessage("CUMULET_BILLING_PORT must be a port from 1 to 65535, not \"80a\".");
    }

    @Test
    void aRunningStackIsFoundAgainWithoutItsVariables() {
        StackSettings moved = StackSettings.of(project, Map.of("CUMULET_KAFKA_PORT", "20123"));
        moved.save();
        assertThat(StackSettings.of(project, Map.of()).saved()).contains(moved);
    }
}
