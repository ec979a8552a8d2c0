package io.cumulet.plumbing.api;

import io.cumulet.catalog.Regions;
import io.cumulet.kernel.AccountId;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.kernel.Region;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/** Finds out who calls and for which region, and refuses query parameters that nobody reads. */
@Provider
@Priority(Priorities.AUTHENTICATION)
public class CallerFilter implements ContainerRequestFilter, ContainerResponseFilter {

    private static final String REQUEST_ID = "x-request-id";
    private static final String BEARER = "Bearer ";
    private static final String OPERATOR_TOKEN = "operator";
    private static final String REGION = "region";
    private static final List<String> ONCE = List.of("maxResults", "nextToken");

    private final Caller caller;
    /** Asked for when a request comes: filters are made before run-time settings can be read. */
    private final Instance<AuthConfig> config;

    private final ResourceInfo resource;

    public CallerFilter(Caller caller, Instance<AuthConfig> config, ResourceInfo resource) {
        this.caller = caller;
        this.config = config;
        this.resource = resource;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        String requestId = request.getHeaderString(REQUEST_ID);
        if (requestId == null || !requestId.matches("[A-Za-z0-9._-]{1,64}")) {
            requestId = UUID.randomUUID().toString();
        }
        caller.requestId(requestId);
        MDC.put("requestId", requestId);
        identify(request.getHeaderString(HttpHeaders.AUTHORIZATION));
        Method method = resource.getResourceMethod();
        if (method == null) {
            return;
        }
        if ((method.isAnnotationPresent(OperatorOnly.class)
                        || method.getDeclaringClass().isAnnotationPresent(OperatorOnly.class))
                && !caller.isOperator()) {
            throw refuse(ErrorCode.FORBIDDEN, "Authorization", "This call is for operators of the stack");
        }
        checkQuery(request, method.getAnnotation(AllowedQuery.class));
    }

    private void identify(@Nullable String authorization) {
        AuthConfig auth = config.get();
        switch (auth.mode()) {
            case LOCAL -> {
                if (authorization == null) {
                    caller.identify(new AccountId(auth.localAccount()), false);
                    return;
                }
                String token = authorization.startsWith(BEARER)
                        ? authorization.substring(BEARER.length()).trim()
                        : "";
                if (token.equals(OPERATOR_TOKEN)) {
                    caller.identify(AccountId.OPERATOR, true);
                } else if (AccountId.isValid(token)) {
                    caller.identify(new AccountId(token), false);
                } else {
                    throw refuse(
                            ErrorCode.UNAUTHORIZED,
                            "Authorization",
                            "A local bearer token is a 12-digit account id, or the word operator");
                }
            }
        }
    }

    private void checkQuery(ContainerRequestContext request, @Nullable AllowedQuery allowed) {
        Set<String> names = request.getUriInfo().getQueryParameters().keySet();
        List<String> known = allowed == null ? List.of() : List.of(allowed.value());
        for (String name : names) {
            if (!name.equals(REGION) && known.stream().noneMatch(pattern -> matches(pattern, name))) {
                throw refuse(ErrorCode.UNKNOWN_PARAMETER, name, "There is no query parameter " + name + " here");
            }
        }
        for (String once : ONCE) {
            List<String> values = request.getUriInfo().getQueryParameters().get(once);
            if (values != null && (values.size() > 1 || values.getFirst().isEmpty())) {
                throw refuse(ErrorCode.INVALID_PARAMETER_VALUE, once, "It is given once, and not empty");
            }
        }
        List<String> regions = request.getUriInfo().getQueryParameters().get(REGION);
        if (regions == null) {
            return;
        }
        String region = regions.getFirst();
        if (regions.size() != 1 || !Region.isValid(region) || !Regions.exists(new Region(region))) {
            throw refuse(
                    ErrorCode.INVALID_PARAMETER_VALUE,
                    REGION,
                    "There is no region " + String.join(", ", regions) + "; GET /v1/regions lists them");
        }
        caller.inRegion(new Region(region));
    }

    private static boolean matches(String pattern, String name) {
        return pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : pattern.equals(name);
    }

    private static RefusedException refuse(ErrorCode code, String field, String message) {
        return Refusal.of(code, field, message).asException();
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        response.getHeaders().putSingle(REQUEST_ID, caller.requestId());
        MDC.remove("requestId");
    }
}
