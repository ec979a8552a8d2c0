/** The whole of Cumulet on one machine: what runs, where, and how it is started, repaired and stopped. */
@NullMarked
package io.cumulet.localstack;

import org.jspecify.annotations.NullMarked;
