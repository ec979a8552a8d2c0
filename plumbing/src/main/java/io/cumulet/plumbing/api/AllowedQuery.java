package io.cumulet.plumbing.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The query parameters of a resource method besides {@code region}; any other is refused with {@code UnknownParameter}. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface AllowedQuery {

    /** Names; one that ends with {@code *} stands for all that begin so, as {@code tag:*} does. */
    String[] value();
}
