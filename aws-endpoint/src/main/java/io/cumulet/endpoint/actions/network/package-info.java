/** VPCs, subnets and what belongs to them. */
@NullMarked
package io.cumulet.endpoint.actions.network;

import org.jspecify.annotations.NullMarked;
