/** The main job shown on a running stack, and every figure of it held against what the public rules say. */
@NullMarked
package io.cumulet.localstack.demo;

import org.jspecify.annotations.NullMarked;
