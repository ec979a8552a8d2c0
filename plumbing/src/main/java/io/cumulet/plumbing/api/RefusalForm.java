package io.cumulet.plumbing.api;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** How {@link Edge}'s refusals look to clients that expect something else than problem JSON. A CDI bean; there may be none. */
public interface RefusalForm {

    /** Whether it is for this request. */
    boolean isFor(HttpServerRequest request);

    /** Answers in that form. Called on an event loop; nothing was answered yet. */
    void refuse(RoutingContext routing, int status, String detail, String requestId);
}
