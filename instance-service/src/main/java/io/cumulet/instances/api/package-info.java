/** REST: resources, requests, answers. */
@NullMarked
package io.cumulet.instances.api;

import org.jspecify.annotations.NullMarked;
