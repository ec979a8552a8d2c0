/** Use cases: a transaction each; and what they ask of store and publish. */
@NullMarked
package io.cumulet.firewall.app;

import org.jspecify.annotations.NullMarked;
