/** Typed configuration. */
@NullMarked
package io.cumulet.instances.config;

import org.jspecify.annotations.NullMarked;
