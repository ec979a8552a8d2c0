package io.cumulet.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

/** Also the example of how a test uses it. */
class CumuletContainerTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void twoHoursOfAnInstanceAreOnTheBillAndItsEventsOnKafka() throws Exception {
        CumuletContainer suite = new CumuletContainer();
        Optional<String> obstacle = suite.obstacle();
        assumeTrue(obstacle.isEmpty(), obstacle::orElseThrow);

        try (suite) {
            suite.start();

            post(suite.instancesUrl(), "/v1/clock", "operator", "{\"action\": \"freeze\"}");
            String launch = """
                {"imageId": "ami-785db401", "instanceType": "t2.micro", "minCount": 1, "maxCount": 1}\
                """;
            post(suite.instancesUrl(), "/v1/instances", "123456789012", launch);
            // The clock's barrier: what is under way, as the start of the instance, is done before the clock moves.
            post(suite.instancesUrl(), "/v1/clock", "operator", "{\"action\": \"freeze\"}");
            JsonNode now = post(
                    suite.instancesUrl(), "/v1/clock", "operator", "{\"action\": \"advance\", \"duration\": \"PT2H\"}");

            String month = now.path("now").asText().substring(0, 7);
            JsonNode bill = get(suite.billingUrl(), "/v1/bills/" + month, "123456789012");
            assertThat(new BigDecimal(bill.path("totals").path("billedCost").asText()))
                    .isEqualByComparingTo("0.0232");
            assertThat(get(suite.firewallUrl(), "/v1/security-groups", "123456789012")
                            .isObject())
                    .isTrue();
            assertThat(get(suite.spotMarketUrl(), "/v1/spot-requests", "123456789012")
                            .isObject())
                    .isTrue();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", suite.bootstrapServers()))) {
                assertThat(admin.listTopics().names().get()).contains("instances.lifecycle", "billing.usage");
            }
            assertThat(suite.logs("billing-service").lines())
                    .anyMatch(line -> line.startsWith("{") && line.contains("\"message\""));
        }
    }

    @Test
    void theImagesOfOthersAreThoseOfDockerCompose() throws IOException {
        String compose = Files.readString(Path.of("..", "..", "docker-compose.yml"));
        assertThat(CumuletContainer.IMAGES_OF_OTHERS)
                .allSatisfy(image -> assertThat(compose).contains("image: " + image + "\n"));
    }

    @Test
    void beforeItIsStartedItHasNoAddresses() {
        try (CumuletContainer suite = new CumuletContainer()) {
            assertThatThrownBy(suite::instancesUrl).hasMessage("Not started");
            assertThatThrownBy(suite::bootstrapServers).hasMessage("Not started");
        }
    }

    private static JsonNode get(URI service, String path, String token) throws Exception {
        return send(HttpRequest.newBuilder(service.resolve(path)), token);
    }

    private static JsonNode post(URI service, String path, String token, String body) throws Exception {
        return send(
                HttpRequest.newBuilder(service.resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                token);
    }

    private static JsonNode send(HttpRequest.Builder request, String token) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = http.send(
                    request.header("Authorization", "Bearer " + token).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
            return JSON.readTree(response.body());
        }
    }
}
