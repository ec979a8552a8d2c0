/** Requests from the wire to trees and answers back, as the models say: parsing, validation and serialising, once for all actions. */
@NullMarked
package io.cumulet.endpoint.protocol;

import org.jspecify.annotations.NullMarked;
