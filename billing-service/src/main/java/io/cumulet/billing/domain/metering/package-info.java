/**
 * From what happened to an instance to how long it ran. Facts are kept by instance and version and folded, so that
 * neither their order nor their number matters.
 */
@NullMarked
package io.cumulet.billing.domain.metering;

import org.jspecify.annotations.NullMarked;
