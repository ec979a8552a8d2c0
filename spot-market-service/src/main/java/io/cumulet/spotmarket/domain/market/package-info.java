@NullMarked
package io.cumulet.spotmarket.domain.market;

import org.jspecify.annotations.NullMarked;
