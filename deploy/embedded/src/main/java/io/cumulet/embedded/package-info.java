/** A real Kafka broker and a real PostgreSQL on loopback, started from Java without an installation. */
@NullMarked
package io.cumulet.embedded;

import org.jspecify.annotations.NullMarked;
