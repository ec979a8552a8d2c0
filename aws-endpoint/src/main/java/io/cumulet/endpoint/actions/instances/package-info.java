/** Instances: launches, listings, commands, attributes. */
@NullMarked
package io.cumulet.endpoint.actions.instances;

import org.jspecify.annotations.NullMarked;
