/** Public facts about EC2, dated and with their sources: types, regions and zones, offerings, images. */
@NullMarked
package io.cumulet.catalog;

import org.jspecify.annotations.NullMarked;
