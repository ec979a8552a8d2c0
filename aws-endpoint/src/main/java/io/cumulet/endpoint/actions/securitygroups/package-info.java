/** Security groups, their rules, and prefix lists. */
@NullMarked
package io.cumulet.endpoint.actions.securitygroups;

import org.jspecify.annotations.NullMarked;
