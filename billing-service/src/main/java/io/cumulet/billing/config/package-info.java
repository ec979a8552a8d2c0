/** Settings and beans. */
@NullMarked
package io.cumulet.billing.config;

import org.jspecify.annotations.NullMarked;
