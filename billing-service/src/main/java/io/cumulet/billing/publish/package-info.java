/** What billing tells on Kafka. */
@NullMarked
package io.cumulet.billing.publish;

import org.jspecify.annotations.NullMarked;
