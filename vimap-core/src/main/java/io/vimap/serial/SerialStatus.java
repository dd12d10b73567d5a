package io.vimap.serial;

import java.util.function.Consumer;

import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolOptions;
import io.vimap.supervision.PoolStatus;

/**
 * What a serial pool lets others see. It changes during a turn, of which listeners hear
 * after it: they may ask the pool for something.
 */
final class SerialStatus extends PoolStatus {

	private final SerialTurn turn;

	SerialStatus(PoolOptions options, SerialTurn turn) {
		super(options);
		this.turn = turn;
	}

	@Override
	public void tell(Consumer<PoolListener> news) {
		this.turn.afterwards(() -> super.tell(news));
	}

}
