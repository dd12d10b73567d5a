package io.vimap.boot.autoconfigure;

import java.beans.PropertyDescriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.core.io.UrlResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an IDE knows about our properties.
 */
class ConfigurationMetadataTests {

	private final String metadata = read();

	@Test
	void everyPropertyIsDescribed() {
		Set<String> names = new TreeSet<>(Set.of("vimap.enabled", "vimap.pools"));
		collect(PoolSettings.class, "vimap.defaults.", names);
		Map<String, Map<String, Object>> known = new LinkedHashMap<>();
		List<Map<String, Object>> properties = JsonPath.read(this.metadata, "$.properties");
		properties.stream()
			.filter((property) -> property.get("name").toString().startsWith("vimap."))
			.forEach((property) -> known.put(property.get("name").toString(), property));
		assertThat(known.keySet()).containsExactlyInAnyOrderElementsOf(names);
		assertThat(known.values()).allSatisfy((property) -> {
			assertThat(property).containsKeys("description", "type");
			assertThat(property.get("description").toString()).endsWith(".");
		});
	}

	@Test
	void accessToTheEndpointIsReadOnlyByDefault() {
		List<String> access = JsonPath.read(this.metadata,
				"$.properties[?(@.name == 'management.endpoint.vimap.access')].defaultValue");
		assertThat(access).containsExactly("read_only");
	}

	@Test
	void healthCanBeSwitchedOff() {
		List<Boolean> enabled = JsonPath.read(this.metadata,
				"$.properties[?(@.name == 'management.health.vimap.enabled' && @.description)].defaultValue");
		assertThat(enabled).containsExactly(true);
	}

	@Test
	void hintsAreForPropertiesThatExist() {
		List<String> hinted = JsonPath.read(this.metadata, "$.hints[*].name");
		List<String> names = JsonPath.read(this.metadata, "$.properties[*].name");
		assertThat(hinted).isNotEmpty()
			.allSatisfy((name) -> assertThat(names).contains(name.replaceAll("\\.(keys|values)$", "")));
	}

	private static void collect(Class<?> type, String prefix, Set<String> names) {
		for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(type)) {
			String name = prefix + DataObjectPropertyName.toDashedForm(property.getName());
			if (property.getPropertyType().getEnclosingClass() == PoolSettings.class) {
				collect(property.getPropertyType(), name + ".", names);
			}
			else if (property.getReadMethod() != null && !property.getName().equals("class")) {
				names.add(name);
			}
		}
	}

	private static String read() {
		try {
			// Not any jar's, nor that of the test classes.
			URL classes = VimapProperties.class.getProtectionDomain().getCodeSource().getLocation();
			return new UrlResource(new URL(classes, "META-INF/spring-configuration-metadata.json"))
				.getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
