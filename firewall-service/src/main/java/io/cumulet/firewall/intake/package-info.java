/** What the firewall learns from Kafka: which instance has which groups. */
@NullMarked
package io.cumulet.firewall.intake;

import org.jspecify.annotations.NullMarked;
