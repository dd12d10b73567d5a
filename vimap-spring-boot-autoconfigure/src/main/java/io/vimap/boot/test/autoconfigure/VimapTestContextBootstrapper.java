package io.vimap.boot.test.autoconfigure;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/**
 * Finds the properties of {@link VimapTest @VimapTest}.
 */
class VimapTestContextBootstrapper extends TestSliceTestContextBootstrapper<VimapTest> {

}
