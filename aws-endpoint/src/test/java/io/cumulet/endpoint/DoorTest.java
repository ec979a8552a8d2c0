package io.cumulet.endpoint;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.startsWith;

import io.cumulet.endpoint.access.Signer;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever comes to {@code /} is answered in its protocol's form. */
@QuarkusTest
class DoorTest extends EndpointStack {

    private static final String WHO = "Action=GetCallerIdentity&Version=2011-06-15";
    private static final int TOO_LARGE = 10 * 1024 * 1024 + 1;

    @Test
    void parametersMayBeInTheQueryOrInTheForm() {
        given().get("/?" + WHO)
                .then()
                .statusCode(200)
                .contentType("text/xml;charset=UTF-8")
                .header("x-amzn-requestid", matchesPattern("[0-9a-f-]{36}"));
        given().post("/?" + WHO).then().statusCode(200);
        post(Map.of(), WHO).statusCode(200);
        given().get("/").then().statusCode(400).body(containsString("<Code>MissingAction</Code>"));
    }

    @Test
    void anotherMethodIsRefused() {
        xml(given().put("/").then(), 405, "MethodNotAllowed").header("allow", "GET, POST");
        xml(given().delete("/").then(), 405, "MethodNotAllowed");
        given().head("/").then().statusCode(405).header("x-amzn-requestid", matchesPattern("[0-9a-f-]{36}"));
        given().options("/").then().statusCode(405);
    }

    @Test
    void aFormThatCannotBeReadIsRefused() {
        xml(post(Map.of(), "Action=%zz"), 400, "MalformedQueryString");
        xml(post(Map.of(), "Action=DescribeVpcs&Action=RunInstances"), 400, "MalformedQueryString");
        xml(post(Map.of(), "{\"Action\": \"DescribeVpcs\"}"), 400, "MissingAction");
        xml(post(Map.of(), "Action=Describe&Version=2016-11-15"), 400, "InvalidAction");
        xml(post(Map.of("authorization", "AWS4-HMAC-SHA256 Credential=a/b"), WHO), 400, "IncompleteSignature");
        xml(post(Map.of("authorization", "Bearer " + account), WHO), 400, "IncompleteSignature");
    }

    @Test
    void aBodyOrUrlThatIsTooLargeIsRefusedInXml() throws IOException {
        String announced = raw("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + TOO_LARGE + "\r\n\r\n", 0);
        assertThat(announced).startsWith("HTTP/1.1 413").contains("<Code>RequestEntityTooLarge</Code>");
        xml(given().get("/?" + "a".repeat(9_000)).then(), 414, "RequestURITooLong");
        String inChunks = raw("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", TOO_LARGE);
        assertThat(inChunks).startsWith("HTTP/1.1 413").contains("<Code>RequestEntityTooLarge</Code>");
    }

    @Test
    void aJsonServiceAnswersInJsonWhateverItWasAsked() {
        Signer anybody = new Signer("test", "any");
        json(call(anybody, "ce", WHO), 400, "UnknownOperationException").contentType("application/x-amz-json-1.1");
        json(
                given().config(RestAssured.config()
                                .encoderConfig(EncoderConfig.encoderConfig()
                                        .encodeContentTypeAs("application/x-amz-json-1.1", ContentType.TEXT)))
                        .header("x-amz-target", "AWSInsightsIndexService.GetNothing")
                        .contentType("application/x-amz-json-1.1")
                        .body("{}")
                        .post("/")
                        .then(),
                400,
                "UnknownOperationException");
        given().contentType("application/json")
                .body("{}")
                .post("/DescribeSavingsPlans/")
                .then()
                .contentType(startsWith("application/json"));
        json(given().get("/DescribeSavingsPlans").then(), 405, "MethodNotAllowed");
    }

    @Test
    void whatIsElsewhereIsStillRest() {
        given().get("/nothing").then().statusCode(404).contentType("application/problem+json");
    }

    private static ValidatableResponse xml(ValidatableResponse answer, int status, String code) {
        return answer.statusCode(status)
                .contentType("text/xml;charset=UTF-8")
                .header("x-amzn-requestid", matchesPattern("[0-9a-f-]{36}"))
                .body(containsString("<Code>" + code + "</Code>"));
    }

    private static ValidatableResponse json(ValidatableResponse answer, int status, String code) {
        return answer.statusCode(status).body(containsString("\"__type\":\"" + code + "\""));
    }

    /** Sends a head and so many bytes in chunks; answers what comes back, as far as the end of an error. */
    private String raw(String head, int bytesInChunks) throws IOException {
        try (Socket socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            byte[] chunk = new byte[64 * 1024];
            for (int sent = 0; sent < bytesInChunks; sent += chunk.length) {
                out.write((Integer.toHexString(chunk.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(chunk);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            out.flush();
            StringBuilder answer = new StringBuilder();
            int read;
            while (answer.indexOf("</Response>") < 0
                    && (read = socket.getInputStream().read()) >= 0) {
                answer.append((char) read);
            }
            return answer.toString();
        }
    }
}
