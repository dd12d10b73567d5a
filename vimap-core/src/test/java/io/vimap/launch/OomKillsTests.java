package io.vimap.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class OomKillsTests {

	@TempDir
	Path root;

	@Test
	void readsTheSecondVersionOfControlGroups() throws IOException {
		Path events = write("a/b/memory.events", "low 0\noom 3\noom_kill 2\noom_group_kill 0\n");
		OomKills kills = OomKills.of(membership("0::/a/b"), this.root);
		assertThat(kills.count()).isEqualTo(2);
		Files.writeString(events, "oom_kill 3\n");
		assertThat(kills.count()).isEqualTo(3);
	}

	@Test
	void readsTheFirstVersion() throws IOException {
		write("memory/a/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
		assertThat(OomKills.of(membership("5:cpu,memory:/a\n1:name=systemd:/\n0::/"), this.root).count()).isEqualTo(1);
	}

	@Test
	void readsTheRootWhereThePathIsThatOfTheHost() throws IOException {
		write("memory.events", "oom_kill 7\n");
		assertThat(OomKills.of(membership("0::/kubepods/pod1"), this.root).count()).isEqualTo(7);
	}

	@Test
	void doesWithout() throws IOException {
		assertThat(OomKills.of(membership("0::/a"), this.root).count()).isEqualTo(-1);
		assertThat(OomKills.of(this.root.resolve("none"), this.root).count()).isEqualTo(-1);
	}

	private Path membership(String text) throws IOException {
		return write("membership", text + "\n");
	}

	private Path write(String name, String text) throws IOException {
		Path file = this.root.resolve(name);
		Files.createDirectories(file.getParent());
		return Files.writeString(file, text);
	}

}
