@NullMarked
package io.cumulet.spotmarket.domain.requests;

import org.jspecify.annotations.NullMarked;
