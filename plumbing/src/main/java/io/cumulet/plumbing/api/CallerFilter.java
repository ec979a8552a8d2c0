package io.cumulet.plumbing.api;

import io.cumulet.catalog.Regions;
import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import io.cumulet.kernel.RefusedException;
import io.cumulet.kernel.Region;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/** Keeps operators' calls for operators, finds out the region, and refuses query parameters that nobody reads. */
@Provider
@Priority(Priorities.AUTHENTICATION)
public class CallerFilter implements ContainerRequestFilter, ContainerResponseFilter {

    private static final String REGION = "region";
    private static final List<String> ONCE = List.of("maxResults", "nextToken");

    private final Caller caller;
    private final ResourceInfo resource;

    public CallerFilter(Caller caller, ResourceInfo resource) {
        this.caller = caller;
        this.resource = resource;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        Method method = resource.getResourceMethod();
        if (method == null) {
            return;
        }
        OperatorOnly limit = method.isAnnotationPresent(OperatorOnly.class)
                ? method.getAnnotation(OperatorOnly.class)
                : method.getDeclaringClass().getAnnotation(OperatorOnly.class);
        if (limit != null && !caller.isOperator() && !(limit.alsoServices() && caller.isService())) {
            throw refuse(ErrorCode.FORBIDDEN, "Authorization", "This call is for operators of the stack");
        }
        mustHaveNoNul(request.getUriInfo().getPathParameters());
        checkQuery(request, method.getAnnotation(AllowedQuery.class));
    }

    private static void mustHaveNoNul(MultivaluedMap<String, String> parameters) {
        parameters.forEach((name, values) -> {
            if (NoNul.isIn(name) || values.stream().anyMatch(NoNul::isIn)) {
                String field = name.replace("\0", "\\u0000");
                throw refuse(ErrorCode.INVALID_PARAMETER_VALUE, field, NoNul.message(field));
            }
        });
    }

    private void checkQuery(ContainerRequestContext request, @Nullable AllowedQuery allowed) {
        Set<String> names = request.getUriInfo().getQueryParameters().keySet();
        List<String> known = allowed == null ? List.of() : List.of(allowed.value());
        for (String name : names) {
            if (!name.equals(REGION) && known.stream().noneMatch(pattern -> matches(pattern, name))) {
                throw refuse(ErrorCode.UNKNOWN_PARAMETER, name, "There is no query parameter " + name + " here");
            }
        }
        mustHaveNoNul(request.getUriInfo().getQueryParameters());
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
        MDC.remove("requestId");
    }
}
