package org.springframework.aop;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;

/**
 * Bears the name of a package from which nothing may be deserialized.
 */
public final class FakeGadget implements Serializable {

	private static final long serialVersionUID = 1L;

	/** How many have been deserialized. */
	public static int created;

	private void readObject(ObjectInputStream in) throws IOException {
		created++;
	}

}
