/** Key pairs: SSH keys of which this suite keeps the public half. */
@NullMarked
package io.cumulet.instances.domain.keypairs;

import org.jspecify.annotations.NullMarked;
