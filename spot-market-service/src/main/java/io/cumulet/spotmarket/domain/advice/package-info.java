/** What pools are like, for people who choose among them. */
@NullMarked
package io.cumulet.spotmarket.domain.advice;

import org.jspecify.annotations.NullMarked;
