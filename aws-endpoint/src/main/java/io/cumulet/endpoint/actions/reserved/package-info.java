/** Reserved Instances, their Marketplace, and Scheduled Instances. */
@NullMarked
package io.cumulet.endpoint.actions.reserved;

import org.jspecify.annotations.NullMarked;
