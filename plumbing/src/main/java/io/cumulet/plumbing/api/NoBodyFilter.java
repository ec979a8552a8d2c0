package io.cumulet.plumbing.api;

import io.cumulet.kernel.ErrorCode;
import io.cumulet.kernel.Refusal;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;

/** Refuses the body of a call that reads none, so that what it says isn't accepted and ignored; an empty object is no body. */
@Provider
public class NoBodyFilter implements ContainerRequestFilter {

    private static final int EMPTY_OBJECT = 2;

    private final ResourceInfo resource;

    public NoBodyFilter(ResourceInfo resource) {
        this.resource = resource;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        Method method = resource.getResourceMethod();
        if (method == null || readsBody(method)) {
            return;
        }
        if (request.getLength() > EMPTY_OBJECT || request.getHeaderString("Transfer-Encoding") != null) {
            throw Refusal.of(ErrorCode.MALFORMED_REQUEST, "body", "This call takes no body")
                    .asException();
        }
    }

    /** A parameter that doesn't say where it comes from is the body. */
    private static boolean readsBody(Method method) {
        for (Parameter parameter : method.getParameters()) {
            boolean fromElsewhere = false;
            for (var annotation : parameter.getAnnotations()) {
                fromElsewhere |= annotation.annotationType().getPackageName().startsWith("jakarta.ws.rs");
            }
            if (!fromElsewhere) {
                return true;
            }
        }
        return false;
    }
}
