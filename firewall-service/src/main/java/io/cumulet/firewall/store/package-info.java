/** Groups, rules and attachments in PostgreSQL. */
@NullMarked
package io.cumulet.firewall.store;

import org.jspecify.annotations.NullMarked;
