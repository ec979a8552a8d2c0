/** Public parameters of Systems Manager. */
@NullMarked
package io.cumulet.endpoint.actions.parameters;

import org.jspecify.annotations.NullMarked;
