@NullMarked
package io.cumulet.spotmarket.app.fleets;

import org.jspecify.annotations.NullMarked;
