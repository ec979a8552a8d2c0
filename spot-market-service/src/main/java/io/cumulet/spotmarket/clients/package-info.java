/** Asking other services over REST. */
@NullMarked
package io.cumulet.spotmarket.clients;

import org.jspecify.annotations.NullMarked;
