/** What billing hears from Kafka. */
@NullMarked
package io.cumulet.billing.intake;

import org.jspecify.annotations.NullMarked;
