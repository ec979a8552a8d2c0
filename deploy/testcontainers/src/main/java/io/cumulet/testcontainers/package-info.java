/** Cumulet for the tests of those who use it. */
@NullMarked
package io.cumulet.testcontainers;

import org.jspecify.annotations.NullMarked;
