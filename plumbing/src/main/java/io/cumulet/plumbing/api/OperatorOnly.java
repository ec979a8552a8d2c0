package io.cumulet.plumbing.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** For operators of the stack: hosts, clock, reset. Others get {@code UnauthorizedOperation}, 403. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface OperatorOnly {

    /** Whether the suite's own services may call it too. */
    boolean alsoServices() default false;
}
