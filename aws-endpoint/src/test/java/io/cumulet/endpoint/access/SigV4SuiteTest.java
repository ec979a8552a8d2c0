package io.cumulet.endpoint.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cumulet.endpoint.protocol.AwsError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * AWS's published vectors. Signed headers: the AWS Signature Version 4 Test Suite, as in boto/botocore,
 * {@code tests/unit/auth/aws4_testsuite}. Presigned: awslabs/aws-c-auth, {@code tests/aws-signing-test-suite/v4}. Both
 * Apache-2.0. Of the latter those are left out that S3 alone takes (paths that aren't normalised) and the one whose session
 * token comes into the query after it was signed.
 */
class SigV4SuiteTest {

    private static final Path SUITE = Path.of("src/test/resources/aws-sig-v4-test-suite");
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final Instant SIGNED_AT = Instant.parse("2015-08-30T12:36:00Z");

    static Stream<Path> vectors() throws IOException {
        return Stream.of("header", "presigned")
                .flatMap(kind -> {
                    try {
                        return Files.list(SUITE.resolve(kind));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .filter(file -> file.toString().endsWith(".sreq"))
                .sorted();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void whatIsSignedIsMadeOfTheRequestAsAwsSays(Path file) throws IOException {
        Vector vector = Vector.read(file);
        Signature signature = Signature.of(vector.credential(), vector.request(), vector.query());
        assertThat(SigV4.canonicalRequest(
                        vector.request(),
                        signature.signedHeaders(),
                        SigV4.sha256(vector.request().body())))
                .isEqualTo(Files.readString(
                        file.resolveSibling(file.getFileName().toString().replace(".sreq", ".creq"))));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void theSignatureIsTakenWithTheRightSecretAndWithNoOther(Path file) throws IOException {
        Vector vector = Vector.read(file);
        Verifier verifier = new Verifier(InstantSource.fixed(SIGNED_AT));
        assertThatCode(() -> vector.verify(verifier, SECRET)).doesNotThrowAnyException();
        assertThatThrownBy(() -> vector.verify(verifier, SECRET.toLowerCase(Locale.ROOT)))
                .isInstanceOf(AwsError.class);
        // Again, by the key that was kept.
        assertThatCode(() -> vector.verify(verifier, SECRET)).doesNotThrowAnyException();
    }

    private record Vector(Credential credential, SignedRequest request, Map<String, String> query) {

        void verify(Verifier verifier, String secret) {
            verifier.verify(credential, secret, request, query, AccessErrors.STS);
        }

        static Vector read(Path file) throws IOException {
            List<String> lines = new ArrayList<>(List.of(Files.readString(file).split("\n", -1)));
            String line = lines.removeFirst();
            String method = line.substring(0, line.indexOf(' '));
            String uri = line.substring(line.indexOf(' ') + 1, line.lastIndexOf(' '));
            Map<String, List<String>> headers = new HashMap<>();
            String last = "";
            while (!lines.isEmpty() && !lines.getFirst().isEmpty()) {
                String header = lines.removeFirst();
                if (header.startsWith(" ")) {
                    // Folded, as RFC 7230 had it once; the HTTP server puts such a line behind the one before.
                    List<String> values = headers.get(last);
                    values.add(values.removeLast() + header);
                } else {
                    int colon = header.indexOf(':');
                    last = header.substring(0, colon).toLowerCase(Locale.ROOT);
                    headers.computeIfAbsent(last, name -> new ArrayList<>()).add(header.substring(colon + 1));
                }
            }
            if (!lines.isEmpty()) {
                lines.removeFirst();
            }
            headers.computeIfPresent(
                    "authorization", (name, values) -> List.of(values.getFirst().strip()));
            int question = uri.indexOf('?');
            String rawQuery = question < 0 ? "" : uri.substring(question + 1);
            Map<String, String> query = new HashMap<>();
            for (String pair : rawQuery.split("&")) {
                String[] parts = pair.split("=", 2);
                query.put(
                        URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                        parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
            SignedRequest request = new SignedRequest(
                    method,
                    question < 0 ? uri : uri.substring(0, question),
                    rawQuery,
                    headers,
                    String.join("\n", lines).getBytes(StandardCharsets.UTF_8),
                    "192.0.2.1");
            return new Vector(
                    Credential.of(request.header("authorization"), query).orElseThrow(), request, query);
        }
    }
}
