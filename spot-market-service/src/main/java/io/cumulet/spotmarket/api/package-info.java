@NullMarked
package io.cumulet.spotmarket.api;

import org.jspecify.annotations.NullMarked;
