/** Asking other services over REST. */
@NullMarked
package io.cumulet.instances.clients;

import org.jspecify.annotations.NullMarked;
