/** Typed configuration. */
@NullMarked
package io.cumulet.endpoint.config;

import org.jspecify.annotations.NullMarked;
