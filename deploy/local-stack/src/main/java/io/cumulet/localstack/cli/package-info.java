/** The commands of {@code ./cumulet}. */
@NullMarked
package io.cumulet.localstack.cli;

import org.jspecify.annotations.NullMarked;
