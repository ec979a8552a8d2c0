@NullMarked
package io.cumulet.spotmarket.domain.clearing;

import org.jspecify.annotations.NullMarked;
