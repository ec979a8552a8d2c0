@NullMarked
package io.cumulet.spotmarket.config;

import org.jspecify.annotations.NullMarked;
