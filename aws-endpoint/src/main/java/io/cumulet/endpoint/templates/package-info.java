/** Launch templates: parameters of launches that an account keeps by name, in versions. They are this service's own. */
@NullMarked
package io.cumulet.endpoint.templates;

import org.jspecify.annotations.NullMarked;
