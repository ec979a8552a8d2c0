/** Use cases of access keys, and what they need. */
@NullMarked
package io.cumulet.endpoint.app;

import org.jspecify.annotations.NullMarked;
