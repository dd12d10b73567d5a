package io.vimap.boot.autoconfigure;

import org.springframework.core.ResolvableType;

/**
 * A pool that is to be a bean: what must be known before any bean exists.
 *
 * @param name the pool's name
 * @param worker its worker class, which has been checked
 * @param input the type of an input
 * @param output the type of an output
 * @param primary whether the bean is primary
 */
record PoolBeanDefinition(String name, Class<?> worker, ResolvableType input, ResolvableType output, boolean primary) {
}
