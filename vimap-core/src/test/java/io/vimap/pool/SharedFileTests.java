package io.vimap.pool;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class SharedFileTests {

	private static final byte[] CONTENT = { 1, 2, 3, 4 };

	@TempDir
	Path directory;

	@Test
	void contentIsReadOnlyAndOfTheCallersOwnPosition() {
		try (SharedFile shared = SharedFile.create(CONTENT)) {
			ByteBuffer first = shared.map();
			assertThat(first.getInt()).isEqualTo(0x01020304);
			assertThat(shared.map().remaining()).isEqualTo(4);
			assertThatExceptionOfType(ReadOnlyBufferException.class).isThrownBy(() -> first.put(0, (byte) 9));
		}
	}

	@Test
	void onlyThisUserMayRead() throws IOException {
		try (SharedFile shared = SharedFile.create(new ByteArrayInputStream(CONTENT), this.directory)) {
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(shared.path()))))
				.isEqualTo("rw-------");
		}
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void whatIsMappedOutlivesTheFile() {
		SharedFile shared = SharedFile.create(CONTENT);
		ByteBuffer mapped = shared.map();
		shared.close();
		shared.close();
		assertThat(mapped.get(3)).isEqualTo((byte) 4);
	}

	@Test
	void aRemovedFileIsNamed() {
		SharedFile shared = SharedFile.create(CONTENT);
		shared.close();
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(shared::map)
			.withMessageContaining(shared.path())
			.withMessageContaining("removed");
	}

	@Test
	void aDirectoryHasNoContent() {
		assertThatIllegalArgumentException().isThrownBy(() -> SharedFile.of(this.directory))
			.withMessageContaining(this.directory.toString())
			.withMessageContaining("is a directory");
	}

	@Test
	void anExistingFileIsNeverRemoved() throws IOException {
		Path file = Files.write(this.directory.resolve("model"), CONTENT);
		try (SharedFile shared = SharedFile.of(file)) {
			assertThat(shared.size()).isEqualTo(4);
		}
		assertThat(file).exists();
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), file);
		assertThat(SharedFile.of(link)).isEqualTo(SharedFile.of(file));
	}

	@Test
	void aFileThatHasChangedIsRefused() throws IOException {
		Path file = Files.write(this.directory.resolve("model"), CONTENT);
		SharedFile shared = SharedFile.of(file);
		Files.write(file, new byte[5]);
		assertThatIllegalStateException().isThrownBy(shared::map).withMessageContaining("had 4");
	}

	@Test
	void twoGibibytesAreTooLarge() throws IOException {
		Path sparse = this.directory.resolve("sparse");
		try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
			file.setLength(1L << 31);
		}
		assertThatIllegalArgumentException().isThrownBy(() -> SharedFile.of(sparse))
			.withMessageContaining("2147483648")
			.withMessageContaining("Allowed");
	}

	@Test
	void nothingCanBeShared() {
		try (SharedFile shared = SharedFile.create(new byte[0])) {
			assertThat(shared.map().hasRemaining()).isFalse();
		}
	}

	@Test
	void handlesTravel() throws Exception {
		try (SharedFile shared = SharedFile.create(CONTENT)) {
			JsonMapper json = JsonMapper.shared();
			assertThat(json.readValue(json.writeValueAsString(shared), SharedFile.class)).isEqualTo(shared);
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
				out.writeObject(shared);
			}
			try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
				assertThat(in.readObject()).isEqualTo(shared);
			}
		}
	}

}
