/** The suite's services as actions call them: over their REST APIs, on behalf of the caller's account. */
@NullMarked
package io.cumulet.endpoint.services;

import org.jspecify.annotations.NullMarked;
