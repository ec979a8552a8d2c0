/** What VPC flow logs say about the rules. */
@NullMarked
package io.cumulet.firewall.domain.flowlogs;

import org.jspecify.annotations.NullMarked;
