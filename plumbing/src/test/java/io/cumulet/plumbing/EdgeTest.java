package io.cumulet.plumbing;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import io.cumulet.embedded.StackResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
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
        given().header("Authorization", "Bearer 42")
                .get("/v1/echo")
                .then()
                .statusCode(401)
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
    void refusalsKeepTheirCodeAndFaultsTellNothingOfTheInside() {
        problem(post("{\"name\":\"refuse\"}"), 409, "IncorrectInstanceState").body("field", equalTo("name"));
        problem(post("{\"name\":\"fail\"}"), 500, "InternalError").body("detail", not(containsString("secret")));
        problem(given().get("/v1/nothing").then(), 404, "NotFound");
        problem(given().delete("/v1/echo").then(), 405, "MalformedRequest");
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
}
