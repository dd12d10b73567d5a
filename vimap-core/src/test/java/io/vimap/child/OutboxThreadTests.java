package io.vimap.child;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import io.vimap.protocol.Outbox;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link OutboxThread} and {@link FileMapping}: what a child writes to the map
 * is what its parent finds in the file.
 */
class OutboxThreadTests {

	private static final long SIZE = Outbox.AREA + Outbox.CAPACITY;

	@TempDir
	private Path directory;

	private Path outbox;

	private FileChannel parents;

	@BeforeEach
	void create() throws IOException {
		this.outbox = this.directory.resolve("outbox");
		this.parents = Outbox.create(this.outbox);
	}

	@AfterEach
	void close() throws IOException {
		this.parents.close();
	}

	@Test
	void theParentFindsWhatIsWritten() throws Exception {
		OutboxThread thread = new OutboxThread(this.outbox);
		thread.start();
		assertFoundByTheParent(thread.awaitMap());
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_22) // earlier ones have no arenas
	void theParentFindsWhatIsWrittenToAnArena() throws Exception {
		MappedByteBuffer map;
		try (FileChannel file = openFile()) {
			map = FileMapping.mapIntoArena(file, SIZE);
		}
		assertFoundByTheParent(map);
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_22)
	void whyAnArenaCannotBeMappedIsNotWrapped() throws Exception {
		FileChannel file = openFile();
		file.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> FileMapping.mapIntoArena(file, SIZE));
	}

	@Test
	void anOutboxThatIsNotThereIsNamed() {
		Path missing = this.directory.resolve("missing");
		OutboxThread thread = new OutboxThread(missing);
		thread.start();
		assertThatExceptionOfType(IOException.class).isThrownBy(thread::awaitMap)
			.withMessageContaining(missing.toString())
			.withCauseInstanceOf(NoSuchFileException.class);
	}

	private FileChannel openFile() throws IOException {
		return FileChannel.open(this.outbox, StandardOpenOption.READ, StandardOpenOption.WRITE);
	}

	/** From the first byte to the last. */
	private void assertFoundByTheParent(MappedByteBuffer map) throws IOException {
		byte[] frames = new byte[Outbox.CAPACITY];
		for (int i = 0; i < frames.length; i++) {
			frames[i] = (byte) (i * 7919 >> 3);
		}
		map.putLong(Outbox.BEGUN, 12);
		map.putLong(Outbox.START, 1000);
		map.putLong(Outbox.END, 1000 + frames.length);
		map.put(Outbox.AREA, frames);
		assertThat(map.capacity()).isEqualTo((int) SIZE);
		Outbox read = Outbox.read(this.parents);
		assertThat(read.begun()).isEqualTo(12);
		assertThat(read.start()).isEqualTo(1000);
		assertThat(read.frames()).isEqualTo(frames);
	}

}
