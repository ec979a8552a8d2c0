package io.cumulet.plumbing;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.cumulet.embedded.StackResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(value = StackResource.class, scope = TestResourceScope.GLOBAL)
class EdgeTest {

    @Test
    void noCredentialsMeanTheLocalAccountAndATwelveDigitTokenThatAccount() {
        given().get("/v1/echo").then().statusCode(200).body("account", equalTo("123456789012"));
        given().header("Authorization", "Bearer 210987654321")
                .get("/v1/echo?region=eu-west-1")
                .then()
                .body("account", equalTo("210987654321"))
                .body("region", equalTo("eu-west-1"));
        given().header("Authorization", "Bearer 000000000000")
                .get("/v1/echo")
                .then()
                .statusCode(401)
                .body("code", equalTo("AuthFailure"));
        given().header("Authorization", "Bearer 42")
                .get("/v1/echo")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", "Bearer realm=\"cumulet\", error=\"invalid_token\"")
                .body("code", equalTo("AuthFailure"));
    }

    @Test
    void queryParametersNobodyReadsAreRefused() {
        given().get("/v1/echo?state=running&tag:Name=x").then().statusCode(200);
        given().get("/v1/echo?stat=running")
                .then()
                .statusCode(400)
                .body("code", equalTo("UnknownParameter"))
                .body("field", equalTo("stat"));
        given().get("/v1/echo?region=mars-north-1").then().statusCode(400).body("field", equalTo("region"));
    }

    @Test
    void aBodyIsTakenStrictlyAndTheFieldAtFaultIsNamed() {
        post("{\"name\":\"a\",\"inner\":{\"count\":1}}").statusCode(200);
        problem(post("{\"name\":\"a\",\"nam\":\"b\"}"), 400, "UnknownParameter").body("field", equalTo("nam"));
        problem(post("{\"name\":\"a\",\"inner\":{\"count\":\"x\"}}"), 400, "InvalidParameterValue")
                .body("field", equalTo("inner.count"));
        problem(post("{\"name\":\"a\",\"inner\":{\"count\":0}}"), 400, "InvalidParameterValue")
                .body("field", equalTo("inner.count"));
        problem(post("{}"), 400, "MissingParameter").body("field", equalTo("name"));
        problem(post("{"), 400, "MalformedRequest");
        problem(post(""), 400, "MissingParameter");
    }

    @Test
    void aTextWithTheCharacterZeroIsRefusedWhereverItStands() {
        problem(post("{\"name\":\"a\\u0000\"}"), 400, "InvalidParameterValue")
                .body("field", equalTo("name"))
                .body("detail", containsString("U+0000"));
        problem(given().queryParam("state", "a\0b").get("/v1/echo").then(), 400, "InvalidParameterValue")
                .body("field", equalTo("state"));
        problem(given().queryParam("tag:a\0b", "c").get("/v1/echo").then(), 400, "InvalidParameterValue");
    }

    @Test
    void refusalsKeepTheirCodeAndFaultsTellNothingOfTheInside() {
        problem(post("{\"name\":\"refuse\"}"), 409, "IncorrectInstanceState").body("field", equalTo("name"));
        problem(post("{\"name\":\"fail\"}"), 500, "InternalError").body("detail", not(containsString("secret")));
        problem(given().get("/v1/nothing").then(), 404, "NotFound");
        problem(given().delete("/v1/echo").then(), 405, "MalformedRequest");
    }

    @Test
    void nothingThatGoesWrongNamesAClassOrShowsAStackTrace() throws IOException {
        for (String path :
                List.of("/", "/nothing", "/v1", "/v1/echo/1/2", "/q/nothing", "/v1/%2e%2e/%2e%2e/etc/passwd")) {
            problem(send("GET", path, ""), 404);
        }
        // Refused by Quarkus before any handler: a bare status.
        assertThat(send("GET", "/v1/%zz", "")).startsWith("HTTP/1.1 400 ").endsWith("\r\n\r\n");
        problem(send("PUT", "/v1/echo", ""), 405);
        problem(send("POST", "/v1/echo", "{\"name\":", "content-type: application/json"), 400);
        problem(send("POST", "/v1/echo", "[1]", "content-type: application/json"), 400);
        problem(send("POST", "/v1/echo", "{\"name\":{\"a\":1}}", "content-type: application/json"), 400);
        problem(send("POST", "/v1/echo", "{\"inner\":[]}", "content-type: application/json"), 400);
        problem(send("POST", "/v1/echo", "", "content-type: text/xml"), 415);
        problem(send("GET", "/v1/echo", "", "accept: text/html"), 406);
        problem(send("GET", "/v1/echo?region=" + "x".repeat(9000), ""), 414);
        problem(send("GET", "/v1/echo", "", "x-long: " + "x".repeat(40_000)), 431);
        problem(send("POST", "/v1/echo", "", "content-type: application/json", "content-length: 11000000"), 413);
    }

    @Test
    void everyAnswerKeepsBrowsersFromRunningFramingAndKeepingIt() throws IOException {
        for (String path :
                List.of("/v1/echo", "/v1/nothing", "/nothing", "/q/health/live", "/q/openapi", "/q/swagger-ui/")) {
            String answer = send("GET", path, "").toLowerCase(Locale.ROOT);
            assertThat(answer)
                    .contains("x-content-type-options: nosniff")
                    .contains("x-frame-options: deny")
                    .contains("frame-ancestors 'none'")
                    .contains("x-request-id: ")
                    .doesNotContain("strict-transport-security");
            assertThat(answer.contains("cache-control: no-store")).isEqualTo(!path.contains("swagger"));
        }
    }

    @Test
    void theSwaggerUisPageNeedsNothingThatItsPolicyForbids() {
        String page =
                given().get("/q/swagger-ui/").then().statusCode(200).extract().asString();
        assertThat(page).contains("SwaggerUIBundle");
        Matcher sources = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page);
        assertThat(sources.results().map(source -> source.group(1)))
                .isNotEmpty()
                .noneMatch(source ->
                        source.startsWith("http:") || source.startsWith("https:") && !source.contains("quarkus.io"));
        assertThat(given().get("/q/swagger-ui/").header("Content-Security-Policy"))
                .contains("script-src 'self' 'unsafe-inline'")
                .contains("connect-src 'self'");
    }

    @Test
    void aRequestKeepsTheIdThatItsCallerGaveIt() {
        given().header("x-request-id", "mine-1")
                .get("/v1/nothing")
                .then()
                .header("x-request-id", "mine-1")
                .body("requestId", equalTo("mine-1"));
        given().header("x-request-id", "<script>")
                .get("/v1/nothing")
                .then()
                .body("requestId", not(containsString("<")));
    }

    private static ValidatableResponse post(String body) {
        return given().contentType("application/json")
                .body(body)
                .post("/v1/echo")
                .then();
    }

    private static ValidatableResponse problem(ValidatableResponse response, int status, String code) {
        return response.statusCode(status)
                .contentType("application/problem+json")
                .body("code", equalTo(code))
                .body("status", equalTo(status));
    }

    /** As it goes over the wire: clients in libraries refuse to send what is being tested here. */
    private static String send(String method, String path, String body, String... headers) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", RestAssured.port)) {
            socket.setSoTimeout(20_000);
            boolean lengthSaid = Arrays.stream(headers).anyMatch(header -> header.startsWith("content-length"));
            String request = method + " " + path + " HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n"
                    + Arrays.stream(headers).map(header -> header + "\r\n").collect(Collectors.joining())
                    + (lengthSaid ? "" : "content-length: " + body.length() + "\r\n") + "\r\n" + body;
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static void problem(String answer, int status) {
        assertThat(answer)
                .startsWith("HTTP/1.1 " + status + " ")
                .containsIgnoringCase("content-type: application/problem+json")
                .contains("\"status\":" + status)
                .contains("\"requestId\":\"")
                .doesNotContainPattern("(java|javax|jakarta|io|com|org)\\.[a-z]+\\.[A-Za-z]")
                .doesNotContain("Exception")
                .doesNotContain("\tat ");
    }
}
