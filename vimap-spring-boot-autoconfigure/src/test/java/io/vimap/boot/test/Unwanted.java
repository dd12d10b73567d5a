package io.vimap.boot.test;

import org.springframework.stereotype.Component;

/**
 * A component that has nothing to do with pools.
 */
@Component
class Unwanted {

}
