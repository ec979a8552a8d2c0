/** Settings. */
@NullMarked
package io.cumulet.firewall.config;

import org.jspecify.annotations.NullMarked;
