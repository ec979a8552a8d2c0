package io.cumulet.plumbing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A certificate authority of the tests' own and one certificate for 127.0.0.1 and localhost, made with the JDK's keytool.
 *
 * @param authority PEM; what clients have to trust
 * @param certificate PEM, with its authority behind it
 * @param key PEM, PKCS #8
 * @param keyStore the same two as PKCS #12
 */
record TestCertificates(Path authority, Path certificate, Path key, Path keyStore) {

    static final String PASSWORD = "changeit";

    static TestCertificates in(Path directory) throws IOException, InterruptedException, GeneralSecurityException {
        Files.createDirectories(directory);
        Path keyStore = directory.resolve("server.p12");
        Path authorityStore = directory.resolve("ca.p12");
        Path request = directory.resolve("server.csr");
        Path authority = directory.resolve("ca.pem");
        Path signed = directory.resolve("server.pem");
        keytool(
                authorityStore,
                "-genkeypair",
                "-alias",
                "ca",
                "-dname",
                "CN=Test CA",
                "-keyalg",
                "RSA",
                "-ext",
                "bc:c");
        keytool(authorityStore, "-exportcert", "-alias", "ca", "-rfc", "-file", authority.toString());
        keytool(keyStore, "-genkeypair", "-alias", "server", "-dname", "CN=localhost", "-keyalg", "RSA");
        keytool(keyStore, "-certreq", "-alias", "server", "-file", request.toString());
        keytool(
                authorityStore,
                "-gencert",
                "-alias",
                "ca",
                "-rfc",
                "-infile",
                request.toString(),
                "-outfile",
                signed.toString(),
                "-ext",
                "san=ip:127.0.0.1,dns:localhost");
        keytool(keyStore, "-importcert", "-alias", "ca", "-noprompt", "-file", authority.toString());
        keytool(keyStore, "-importcert", "-alias", "server", "-file", signed.toString());
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyStore)) {
            store.load(in, PASSWORD.toCharArray());
        }
        Key key = store.getKey("server", PASSWORD.toCharArray());
        StringBuilder chain = new StringBuilder();
        for (Certificate link : store.getCertificateChain("server")) {
            chain.append(pem("CERTIFICATE", link.getEncoded()));
        }
        Path chainFile = directory.resolve("server-chain.pem");
        Files.writeString(chainFile, chain);
        Path keyFile = directory.resolve("server.key");
        Files.writeString(keyFile, pem("PRIVATE KEY", key.getEncoded()));
        // PostgreSQL refuses a key that others can read.
        Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
        return new TestCertificates(authority, chainFile, keyFile, keyStore);
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(UTF_8)).encodeToString(content) + "\n-----END " + kind
                + "-----\n";
    }

    private static void keytool(Path store, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + said);
        }
    }
}
