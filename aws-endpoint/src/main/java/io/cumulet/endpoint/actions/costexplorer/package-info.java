/** Cost Explorer: what was charged, how commitments are used and what they cover, and which ones to buy. */
@NullMarked
package io.cumulet.endpoint.actions.costexplorer;

import org.jspecify.annotations.NullMarked;
