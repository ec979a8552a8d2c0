/** The price list: what EC2's instances cost, in the form of AWS's. */
@NullMarked
package io.cumulet.endpoint.actions.pricing;

import org.jspecify.annotations.NullMarked;
