package io.cumulet.plumbing.trace;

import static io.restassured.RestAssured.given;

import java.util.UUID;

/** Somebody who calls with a trace of its own. */
final class Caller {

    final String traceId = UUID.randomUUID().toString().replace("-", "");
    final String spanId = UUID.randomUUID().toString().replace("-", "").substring(0, 16);

    String traceparent(String flags) {
        return "00-" + traceId + "-" + spanId + "-" + flags;
    }

    /** Has an event published; answers its key. */
    String publish(String flags) {
        given().header("traceparent", traceparent(flags))
                .post("/v1/traced/" + traceId)
                .then()
                .statusCode(204);
        return traceId;
    }
}
