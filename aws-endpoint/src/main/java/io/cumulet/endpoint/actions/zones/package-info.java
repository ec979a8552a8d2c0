/** Regions, Availability Zones and what is on offer there. */
@NullMarked
package io.cumulet.endpoint.actions.zones;

import org.jspecify.annotations.NullMarked;
