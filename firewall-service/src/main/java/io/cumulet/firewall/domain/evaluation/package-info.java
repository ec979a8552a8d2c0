/** May this packet pass, and by which rules: a pure function over a world of groups and instances. */
@NullMarked
package io.cumulet.firewall.domain.evaluation;

import org.jspecify.annotations.NullMarked;
