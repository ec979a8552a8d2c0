package io.cumulet.plumbing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cumulet.contract.Topic;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** REST, Kafka and PostgreSQL with TLS, by settings alone. */
@QuarkusTest
@TestProfile(TlsTest.Encrypted.class)
class TlsTest {

    /** Instead of the plain pair that the other tests share. */
    public static class Encrypted implements QuarkusTestProfile {

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(EncryptedStack.class));
        }

        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }
    }

    // Not injected: the other tests' application, which holds this class too, has no such settings.
    private final String port = setting("quarkus.http.test-ssl-port");
    private final Path authority = Path.of(setting("test.certificate-authority"));
    private final String kafka = setting("kafka.bootstrap.servers");

    @Inject
    DataSource database;

    @Inject
    Admin admin;

    @Test
    void restIsServedOverTlsAndBrowsersAreToldToStayThere() throws Exception {
        HttpResponse<String> answer = trusting().send(request("/v1/echo").build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.sslSession()).isPresent();
        assertThat(answer.headers().firstValue("strict-transport-security")).hasValue("max-age=31536000");
        assertThatThrownBy(() ->
                        HttpClient.newHttpClient().send(request("/v1/echo").build(), BodyHandlers.ofString()))
                .isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void theDatabaseIsTalkedToOverTlsAndHasToProveWhoItIs() throws Exception {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getBoolean("ssl")).isTrue();
            assertThat(row.getString("version")).startsWith("TLSv1.");
        }
    }

    /** The clock goes out by the producer, comes back by a consumer, and waits for what admin client and REST say. */
    @Test
    void theClockTravelsOverEncryptedKafkaAndItsBarrierOverTls() throws Exception {
        HttpResponse<String> answer = trusting()
                .send(
                        request("/v1/clock")
                                .header("Authorization", "Bearer operator")
                                .header("content-type", "application/json")
                                .POST(BodyPublishers.ofString("{\"action\":\"freeze\"}"))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"mode\":\"frozen\"");
        assertThat(admin.listTopics().names().get()).contains(Topic.STACK_CLOCK.topicName());
    }

    @Test
    void theBrokerTakesNobodyWithoutTls() {
        try (Admin plain = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 1_000,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 2_000))) {
            assertThatThrownBy(() -> plain.listTopics().names().get()).hasMessageContaining("Timed out");
        }
    }

    private static String setting(String name) {
        return ConfigProvider.getConfig().getOptionalValue(name, String.class).orElse("");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path));
    }

    private HttpClient trusting() throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(authority)) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }
}
