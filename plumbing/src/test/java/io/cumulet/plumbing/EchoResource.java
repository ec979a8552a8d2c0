package io.cumulet.plumbing;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** A resource of the tests' own, to see what the edge does. */
@Path("/v1/echo")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class EchoResource {

    private final Caller caller;

    EchoResource(Caller caller) {
        this.caller = caller;
    }

    public record Inner(@Min(1) int count) {}

    public record Body(@NotNull String name, @Valid Inner inner) {}

    public record Answer(String account, String region) {}

    @GET
    @AllowedQuery({"state", "tag:*"})
    public Answer get() {
        return new Answer(caller.account().value(), caller.region().value());
    }

    @POST
    public Body post(@Valid @NotNull Body body) {
        if (body.name().equals("refuse")) {
            throw Refusal.of(ErrorCode.INCORRECT_INSTANCE_STATE, "name", "Not now")
                    .asException();
        }
        if (body.name().equals("fail")) {
            throw new IllegalStateException("a secret of the inside");
        }
        return body;
    }
}
