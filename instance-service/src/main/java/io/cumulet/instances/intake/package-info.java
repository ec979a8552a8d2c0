/** Kafka consumers. */
@NullMarked
package io.cumulet.instances.intake;

import org.jspecify.annotations.NullMarked;
