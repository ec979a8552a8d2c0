/** Which accounts belong together, since when, and who pays for them. */
@NullMarked
package io.cumulet.billing.domain.organizations;

import org.jspecify.annotations.NullMarked;
