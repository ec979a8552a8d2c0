package io.cumulet.endpoint.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.cumulet.endpoint.api.AccessKeyView.AccessKeyPage;
import io.cumulet.endpoint.app.AccessKeys;
import io.cumulet.endpoint.domain.keys.AccessKey;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.plumbing.api.AllowedQuery;
import io.cumulet.plumbing.api.Caller;
import io.cumulet.plumbing.api.Paging;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

@Path("/v1/access-keys")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Access keys")
public class AccessKeysResource {

    private static final String ACCOUNT = "account";

    private final AccessKeys keys;
    private final Caller caller;

    public AccessKeysResource(AccessKeys keys, Caller caller) {
        this.keys = keys;
        this.caller = caller;
    }

    @POST
    @ResponseStatus(201)
    @AllowedQuery(ACCOUNT)
    @Operation(
            summary = "Makes an access key",
            description = "Its secret is in this answer and nowhere else. An operator names the account.")
    public AccessKeyView create(
            @QueryParam(ACCOUNT) @Nullable String account,
            @RequestBody(content = @Content(schema = @Schema(implementation = AccessKeyReader.CreateForm.class)))
                    @Nullable
                    JsonNode body) {
        return AccessKeyView.withSecret(
                keys.create(account(account), AccessKeyReader.create(body), by(), caller.requestId())
                        .orThrow());
    }

    @GET
    @AllowedQuery({ACCOUNT, "maxResults", "nextToken"})
    @Operation(summary = "Lists the account's access keys, in the order of their ids")
    public AccessKeyPage list(
            @QueryParam(ACCOUNT) @Nullable String account,
            @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "1",
                                            maximum = "1000",
                                            defaultValue = "100"))
                    @QueryParam("maxResults")
                    @Nullable
                    String maxResults,
            @QueryParam("nextToken") @Nullable String nextToken) {
        Paging paging = Paging.of(maxResults, nextToken);
        List<AccessKey> found = keys.list(account(account), paging.afterKey(), paging.sizeToAsk());
        return new AccessKeyPage(
                paging.page(found).stream().map(AccessKeyView::of).toList(), paging.nextToken(found, AccessKey::id));
    }

    @GET
    @Path("{id}")
    @AllowedQuery(ACCOUNT)
    @Operation(summary = "Tells of one access key")
    public AccessKeyView get(@PathParam("id") String id, @QueryParam(ACCOUNT) @Nullable String account) {
        return AccessKeyView.of(keys.find(account(account), id).orThrow());
    }

    @PATCH
    @Path("{id}")
    @AllowedQuery(ACCOUNT)
    @Operation(
            summary = "Changes an access key's status or policy",
            description = "It holds for the next request; other processes of the endpoint know it within 3 s.")
    public AccessKeyView modify(
            @PathParam("id") String id,
            @QueryParam(ACCOUNT) @Nullable String account,
            @RequestBody(content = @Content(schema = @Schema(implementation = AccessKeyReader.ModifyForm.class)))
                    @Nullable
                    JsonNode body) {
        return AccessKeyView.of(
                keys.change(account(account), id, AccessKeyReader.modify(body), by(), caller.requestId())
                        .orThrow());
    }

    @DELETE
    @Path("{id}")
    @AllowedQuery(ACCOUNT)
    @ResponseStatus(204)
    @Operation(summary = "Deletes an access key; sessions that began with it end, too")
    public void delete(@PathParam("id") String id, @QueryParam(ACCOUNT) @Nullable String account) {
        keys.delete(account(account), id, by(), caller.requestId()).orThrow();
    }

    /** The caller's own; an operator has none and names one. */
    private AccountId account(@Nullable String named) {
        if (caller.isService()) {
            throw Refusal.of(ErrorCode.FORBIDDEN, "Authorization", "Access keys are for accounts and operators")
                    .asException();
        }
        if (!caller.isOperator()) {
            if (named != null && !named.equals(caller.account().value())) {
                throw Refusal.of(ErrorCode.FORBIDDEN, ACCOUNT, "Only an operator may name another account")
                        .asException();
            }
            return caller.account();
        }
        if (named == null) {
            throw Refusal.of(ErrorCode.MISSING_PARAMETER, ACCOUNT, "An operator says whose access keys: ?account=")
                    .asException();
        }
        if (!AccountId.isValid(named) || named.equals(AccountId.OPERATOR.value())) {
            throw Refusal.of(
                            ErrorCode.INVALID_PARAMETER_VALUE, ACCOUNT, "An account has 12 digits; not '" + named + "'")
                    .asException();
        }
        return new AccountId(named);
    }

    private String by() {
        return caller.isOperator() ? "operator" : ACCOUNT;
    }
}
