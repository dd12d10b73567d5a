@NullMarked
package io.vimap.dispatch;

import org.jspecify.annotations.NullMarked;
