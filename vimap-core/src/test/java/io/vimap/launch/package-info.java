@NullMarked
package io.vimap.launch;

import org.jspecify.annotations.NullMarked;
