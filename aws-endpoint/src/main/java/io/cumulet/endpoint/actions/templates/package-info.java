/** Launch templates. */
@NullMarked
package io.cumulet.endpoint.actions.templates;

import org.jspecify.annotations.NullMarked;
