/**
 * Pools in batch jobs.
 */
package io.vimap.boot.batch;
