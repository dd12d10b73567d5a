package io.vimap.boot.autoconfigure;

/**
 * A pool that is to be a bean: what must be known before any bean exists.
 *
 * @param name the pool's name
 * @param worker its worker class, which has been checked
 * @param types what that class says about the pool
 * @param primary whether the bean is primary
 */
record PoolBeanDefinition(String name, Class<?> worker, PoolTypes types, boolean primary) {
}
