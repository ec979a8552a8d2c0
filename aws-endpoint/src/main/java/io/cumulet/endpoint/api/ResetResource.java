package io.cumulet.endpoint.api;

import io.cumulet.endpoint.services.Resets;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.AuthConfig;
import io.cumulet.plumbing.api.AuthMode;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.suite.AccountResetResource;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Begins anew: for test suites. In local mode anybody may, elsewhere the operator. */
@Path("/_cumulet/reset")
@Consumes(MediaType.WILDCARD)
@Tag(name = "Operations")
public class ResetResource {

    private final Resets resets;
    private final Caller caller;
    private final AuthMode mode;

    public ResetResource(Resets resets, Caller caller, AuthMode mode) {
        this.resets = resets;
        this.caller = caller;
        this.mode = mode;
    }

    @POST
    @Blocking
    @AllowedQuery("account")
    @Operation(
            summary = "Takes away all that one account has, or empties the whole stack",
            description =
                    "Other accounts don't notice the reset of one. The default VPC is there again, and the bill is zero."
                            + " Access keys stay. It can be repeated.")
    public void reset(@QueryParam("account") @Nullable String account) {
        if (mode.mode() != AuthConfig.Mode.LOCAL && !caller.isOperator()) {
            throw Refusal.of(ErrorCode.FORBIDDEN, "Authorization", "This call is for operators of the stack")
                    .asException();
        }
        if (account == null) {
            resets.resetAll();
        } else {
            resets.reset(AccountResetResource.account(account));
        }
    }
}
