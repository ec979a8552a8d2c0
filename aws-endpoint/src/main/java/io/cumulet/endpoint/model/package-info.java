/** The public API models: which operations a service has, and what their parameters and answers look like on the wire. */
@NullMarked
package io.cumulet.endpoint.model;

import org.jspecify.annotations.NullMarked;
