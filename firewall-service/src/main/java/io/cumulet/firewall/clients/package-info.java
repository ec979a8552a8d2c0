/** Asking other services over REST. */
@NullMarked
package io.cumulet.firewall.clients;

import org.jspecify.annotations.NullMarked;
