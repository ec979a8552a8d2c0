/** What runs behind an instance: the simulated driver. */
@NullMarked
package io.cumulet.instances.driver;

import org.jspecify.annotations.NullMarked;
