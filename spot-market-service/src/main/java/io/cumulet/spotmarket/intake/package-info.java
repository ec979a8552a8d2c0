@NullMarked
package io.cumulet.spotmarket.intake;

import org.jspecify.annotations.NullMarked;
