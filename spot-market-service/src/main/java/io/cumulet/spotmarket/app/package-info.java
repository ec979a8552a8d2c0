@NullMarked
package io.cumulet.spotmarket.app;

import org.jspecify.annotations.NullMarked;
