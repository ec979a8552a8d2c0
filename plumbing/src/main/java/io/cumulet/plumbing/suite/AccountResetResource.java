package io.cumulet.plumbing.suite;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.OperatorOnly;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What the endpoint's reset of one account asks every service, one after the other. */
@Path("/v1/accounts/{account}/reset")
@Consumes(MediaType.WILDCARD)
@OperatorOnly(alsoServices = true)
@Tag(name = "Operations")
public class AccountResetResource {

    private final AccountResets resets;

    public AccountResetResource(AccountResets resets) {
        this.resets = resets;
    }

    @POST
    @Blocking
    @Operation(
            summary = "Takes away all that an account has in this service",
            description =
                    "Others' things stay. POST /_cumulet/reset of the AWS endpoint does it in all services, in the right"
                            + " order. It can be repeated.")
    public void reset(@PathParam("account") String account) {
        resets.reset(account(account));
    }

    /** @throws io.cumulet.kernel.RefusedException if it is no account's id, or the operator's own */
    public static AccountId account(String named) {
        if (!AccountId.isValid(named) || named.equals(AccountId.OPERATOR.value())) {
            throw Refusal.of(
                            ErrorCode.INVALID_PARAMETER_VALUE,
                            "account",
                            "An account's id has 12 digits, unlike '" + named + "'")
                    .asException();
        }
        return new AccountId(named);
    }
}
