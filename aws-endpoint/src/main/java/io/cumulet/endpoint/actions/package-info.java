/** What is the same for all actions: which there are, a call's parameters, lists with filters and pages, tags. */
@NullMarked
package io.cumulet.endpoint.actions;

import org.jspecify.annotations.NullMarked;
