/**
 * What runs in the child process of a pool: a small application context with the worker
 * as a bean, over the properties of the parent. The application that owns the pool only
 * describes it here.
 */
@NullMarked
package io.vimap.boot.child;

import org.jspecify.annotations.NullMarked;
