/** Use cases: one committer for each Availability Zone decides in memory and writes many commands in one transaction. */
@NullMarked
package io.cumulet.instances.app;

import org.jspecify.annotations.NullMarked;
