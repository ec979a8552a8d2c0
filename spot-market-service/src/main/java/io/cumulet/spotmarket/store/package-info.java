@NullMarked
package io.cumulet.spotmarket.store;

import org.jspecify.annotations.NullMarked;
