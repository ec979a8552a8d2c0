package io.cumulet.plumbing.api;

import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.quarkus.arc.ClientProxy;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Finds out who calls: by the words of the local mode, or by a token whose signature, issuer, audience and times hold. */
public class IdentityFilter {

    /** Says on behalf of which account a service calls; anybody else who sends it is refused. */
    public static final String ON_BEHALF_OF = "cumulet-account";

    /** The bearer token of the operator in local mode. */
    public static final String LOCAL_OPERATOR = "operator";

    private static final Logger LOG = Logger.getLogger(IdentityFilter.class);
    private static final String BEARER = "Bearer ";

    private final Caller caller;
    /** Asked for when a request comes: filters are made before run-time settings can be read. */
    private final Instance<AuthMode> mode;

    private final Instance<AuthConfig> config;
    private final Instance<IdentityProviderManager> identities;

    public IdentityFilter(
            Caller caller,
            Instance<AuthMode> mode,
            Instance<AuthConfig> config,
            Instance<IdentityProviderManager> identities) {
        this.caller = caller;
        this.mode = mode;
        this.config = config;
        this.identities = identities;
    }

    /** Before anything else, also where no resource is found: every answer can be found in the logs. */
    @ServerRequestFilter(preMatching = true, priority = Priorities.AUTHENTICATION)
    public void name(RoutingContext routing, ContainerRequestContext request) {
        String requestId = Edge.requestId(routing);
        caller.request(requestId, request.getHeaderString(HttpHeaders.AUTHORIZATION) != null);
        MDC.put("requestId", requestId);
    }

    @ServerRequestFilter(priority = Priorities.AUTHENTICATION - 1)
    public @Nullable Uni<RestResponse<?>> identify(RoutingContext routing, ContainerRequestContext request) {
        String authorization = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        return switch (mode.get().mode()) {
            case LOCAL -> {
                identifyLocally(authorization);
                yield null;
            }
            case JWT -> {
                // The answer may come on a thread that doesn't know this request's context.
                Caller called = ClientProxy.unwrap(caller);
                String onBehalfOf = request.getHeaderString(ON_BEHALF_OF);
                yield QuarkusHttpUser.getSecurityIdentity(routing, identities.get())
                        .onFailure()
                        .transform(IdentityFilter::refusal)
                        .invoke(identity -> identify(called, identity, onBehalfOf))
                        .replaceWith((RestResponse<?>) null);
            }
        };
    }

    private void identifyLocally(@Nullable String authorization) {
        if (authorization == null) {
            caller.identifyAccount(new AccountId(config.get().localAccount()));
            return;
        }
        String token = authorization.startsWith(BEARER)
                ? authorization.substring(BEARER.length()).trim()
                : "";
        if (token.equals(LOCAL_OPERATOR)) {
            caller.identifyOperator();
        } else if (AccountId.isValid(token) && !token.equals(AccountId.OPERATOR.value())) {
            caller.identifyAccount(new AccountId(token));
        } else {
            throw unauthorized("A local bearer token is a 12-digit account id, or the word operator");
        }
    }

    private void identify(Caller called, SecurityIdentity identity, @Nullable String onBehalfOf) {
        if (identity.isAnonymous() || !(identity.getPrincipal() instanceof JsonWebToken token)) {
            throw unauthorized("This call needs a bearer token");
        }
        AuthConfig auth = config.get();
        Set<String> roles = identity.getRoles();
        if (onBehalfOf != null && !roles.contains(auth.roles().service())) {
            throw forbidden(ON_BEHALF_OF, "Only a service may name the account it acts for");
        }
        if (roles.contains(auth.roles().service())) {
            called.identifyService(onBehalfOf == null ? AccountId.OPERATOR : account(onBehalfOf, ON_BEHALF_OF));
        } else if (roles.contains(auth.roles().operator())) {
            called.identifyOperator();
        } else if (roles.contains(auth.roles().user())) {
            called.identifyAccount(account(token.getClaim(auth.accountClaim()), auth.accountClaim()));
        } else {
            throw forbidden(
                    HttpHeaders.AUTHORIZATION,
                    "The token has none of the roles " + auth.roles().user() + ", "
                            + auth.roles().operator() + " and " + auth.roles().service());
        }
    }

    /** The operator's own account isn't to be had by naming it. */
    private static AccountId account(@Nullable Object named, String where) {
        if (named instanceof String text && AccountId.isValid(text) && !text.equals(AccountId.OPERATOR.value())) {
            return new AccountId(text);
        }
        throw forbidden(where, where + " names no account; it has to hold 12 digits as a string");
    }

    private static Throwable refusal(Throwable failure) {
        if (failure instanceof AuthenticationFailedException) {
            LOG.debugf(failure, "A bearer token was refused");
            return unauthorized(
                    "The bearer token isn't valid here: it has to be signed by the issuer, for this audience, and of this time");
        }
        LOG.warnf(failure, "A bearer token could not be checked");
        return Refusal.of(ErrorCode.UNAVAILABLE, "The token's issuer can't be reached, so nobody can be let in")
                .asException();
    }

    private static RefusedException unauthorized(String message) {
        return Refusal.of(ErrorCode.UNAUTHORIZED, HttpHeaders.AUTHORIZATION, message)
                .asException();
    }

    private static RefusedException forbidden(String where, String message) {
        return Refusal.of(ErrorCode.FORBIDDEN, where, message).asException();
    }
}
