@NullMarked
package io.cumulet.spotmarket.publish;

import org.jspecify.annotations.NullMarked;
