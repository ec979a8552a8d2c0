/** Images of accounts, beside the public ones of the catalog. */
@NullMarked
package io.cumulet.instances.domain.images;

import org.jspecify.annotations.NullMarked;
