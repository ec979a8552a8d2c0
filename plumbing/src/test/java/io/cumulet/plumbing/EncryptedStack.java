package io.cumulet.plumbing;

import io.cumulet.embedded.Directories;
import io.cumulet.embedded.EmbeddedDatabase;
import io.cumulet.embedded.EmbeddedKafka;
import io.cumulet.embedded.Ports;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Kafka that takes SASL_SSL alone, PostgreSQL with TLS, REST with TLS alone. The settings are those of docs/security.md. */
public class EncryptedStack implements QuarkusTestResourceLifecycleManager {

    private static final String LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required "
            + "username=\"cumulet\" password=\"a secret of the tests\"";

    private EmbeddedKafka kafka;
    private EmbeddedDatabase postgres;

    @Override
    public Map<String, String> start() {
        Path home = Path.of("target", "encrypted").toAbsolutePath();
        EmbeddedDatabase.stopOrphan(home.resolve("postgres"));
        Directories.delete(home);
        TestCertificates certificates;
        try {
            certificates = TestCertificates.in(home.resolve("certificates"));
        } catch (Exception e) {
            throw new IllegalStateException("Certificates can't be made", e);
        }
        postgres = startPostgres(home, certificates);
        postgres.createDatabase("test");
        kafka = startKafka(home, certificates);
        String port = Integer.toString(Ports.free());
        String authority = certificates.authority().toString();

        Map<String, String> settings = new HashMap<>();
        settings.put(
                "quarkus.tls.key-store.pem.0.cert", certificates.certificate().toString());
        settings.put("quarkus.tls.key-store.pem.0.key", certificates.key().toString());
        settings.put("quarkus.tls.trust-store.pem.certs", authority);
        settings.put("quarkus.http.insecure-requests", "disabled");
        settings.put("quarkus.http.test-ssl-port", port);
        settings.put("cumulet.suite.urls", "https://127.0.0.1:" + port);

        settings.put("kafka.bootstrap.servers", kafka.bootstrapServers());
        settings.put("kafka.security.protocol", "SASL_SSL");
        settings.put("kafka.sasl.mechanism", "PLAIN");
        settings.put("kafka.sasl.jaas.config", LOGIN + ";");
        settings.put("kafka.ssl.truststore.type", "PEM");
        settings.put("kafka.ssl.truststore.location", authority);

        settings.put(
                "quarkus.datasource.jdbc.url",
                postgres.jdbcUrl("test") + "?sslmode=verify-full&sslrootcert=" + authority);
        settings.put("quarkus.datasource.username", EmbeddedDatabase.USER);
        settings.put("quarkus.datasource.password", EmbeddedDatabase.PASSWORD);

        settings.put("test.certificate-authority", authority);
        settings.put("cumulet.clock.mode", "stack");
        settings.put("quarkus.log.category.\"org.apache.kafka\".level", "WARN");
        settings.put("quarkus.log.category.\"kafka\".level", "WARN");
        settings.put("quarkus.log.category.\"state.change.logger\".level", "WARN");
        return settings;
    }

    private static EmbeddedDatabase startPostgres(Path home, TestCertificates certificates) {
        return EmbeddedDatabase.start(
                home.resolve("postgres"),
                home.resolve("postgres-programs"),
                home.resolve("postgres.log"),
                Ports.free(),
                Map.of(
                        "ssl", "on",
                        "ssl_cert_file", certificates.certificate().toString(),
                        "ssl_key_file", certificates.key().toString()));
    }

    private static EmbeddedKafka startKafka(Path home, TestCertificates certificates) {
        int port = Ports.free();
        int controllerPort = Ports.free();
        Map<String, String> settings = new HashMap<>();
        settings.put("listeners", "SASL_SSL://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        settings.put("advertised.listeners", "SASL_SSL://127.0.0.1:" + port);
        settings.put("listener.security.protocol.map", "SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT");
        settings.put("inter.broker.listener.name", "SASL_SSL");
        settings.put("sasl.enabled.mechanisms", "PLAIN");
        settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
        settings.put(
                "listener.name.sasl_ssl.plain.sasl.jaas.config", LOGIN + " user_cumulet=\"a secret of the tests\";");
        settings.put("ssl.keystore.type", "PKCS12");
        settings.put("ssl.keystore.location", certificates.keyStore().toString());
        settings.put("ssl.keystore.password", TestCertificates.PASSWORD);
        settings.put("ssl.truststore.type", "PEM");
        settings.put("ssl.truststore.location", certificates.authority().toString());
        return EmbeddedKafka.start(home.resolve("kafka"), port, controllerPort, settings);
    }

    @Override
    public void stop() {
        if (kafka != null) {
            kafka.close();
        }
        if (postgres != null) {
            postgres.close();
        }
    }
}
