/** What is wrong with groups, or not needed: findings with what to do about them. */
@NullMarked
package io.cumulet.firewall.domain.advice;

import org.jspecify.annotations.NullMarked;
