/**
 * Pools through Actuator: an endpoint to look at them and to act on them, and levels of
 * loggers that reach their workers.
 */
@NullMarked
package io.vimap.boot.actuate.endpoint;

import org.jspecify.annotations.NullMarked;
