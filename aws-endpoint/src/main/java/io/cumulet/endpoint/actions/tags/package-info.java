/** Tags of whatever has them: which kinds of resource there are, and the actions on them all. */
@NullMarked
package io.cumulet.endpoint.actions.tags;

import org.jspecify.annotations.NullMarked;
