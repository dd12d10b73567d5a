/**
 * The wiring: auto-configurations, their properties and what explains a start that
 * failed.
 */
@NullMarked
package io.vimap.boot.autoconfigure;

import org.jspecify.annotations.NullMarked;
