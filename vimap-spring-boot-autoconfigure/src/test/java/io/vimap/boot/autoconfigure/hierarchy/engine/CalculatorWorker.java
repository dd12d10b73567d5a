package io.vimap.boot.autoconfigure.hierarchy.engine;

import io.vimap.boot.VimapWorker;
import io.vimap.boot.autoconfigure.hierarchy.api.Calculator;

@VimapWorker("desk-calculator")
class CalculatorWorker implements Calculator {

	@Override
	public int twice(int number) {
		return 2 * number;
	}

}
