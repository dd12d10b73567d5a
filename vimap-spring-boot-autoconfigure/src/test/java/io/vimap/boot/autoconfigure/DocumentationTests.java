package io.vimap.boot.autoconfigure;

import java.beans.BeanInfo;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.jayway.jsonpath.JsonPath;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vimap.boot.FakeProcessPool;
import io.vimap.boot.VimapClient;
import io.vimap.boot.VimapWorker;
import io.vimap.boot.actuate.endpoint.VimapDescriptors;
import io.vimap.boot.actuate.endpoint.VimapEndpoint;
import io.vimap.boot.metrics.ProcessPoolMetrics;
import io.vimap.boot.metrics.ProcessPoolsMetrics;
import io.vimap.boot.test.autoconfigure.VimapTest;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.TaskOutcome;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps {@code docs/spring-boot.md} complete and its examples valid.
 */
class DocumentationTests {

	private static final Pattern BLOCK = Pattern.compile("```(\\w+)\\n(.*?)```", Pattern.DOTALL);

	private final String guide = read();

	@Test
	void everyPropertyIsInTheTableAndInAnExample() throws Exception {
		Set<String> names = new TreeSet<>();
		collect(VimapProperties.Pool.class, "", names);
		assertThat(names).hasSizeGreaterThan(30).contains("retry.on", "init-args", "worker", "class-archive");
		String examples = String.join("\n", blocks("yaml"));
		for (String name : names) {
			assertThat(this.guide).contains("\n| `" + name + "` |");
			String key = name.substring(name.lastIndexOf('.') + 1);
			assertThat(examples).containsPattern("(?m)^\\s+(- )?" + key + ":");
		}
		assertThat(this.guide).contains("`vimap.enabled", "`vimap.defaults", "`vimap.pools");
	}

	@Test
	void defaultsAreThoseOfTheOptions() {
		Map<String, String> defaults = new TreeMap<>();
		Matcher rows = Pattern.compile("(?m)^\\| `([a-z.-]+)` \\| `(\\w\\S*)` \\|").matcher(this.guide);
		while (rows.find()) {
			String option = DataObjectPropertyName.toDashedForm(rows.group(1)).replace('.', '-');
			defaults.put(option, rows.group(2));
		}
		Map<String, String> actual = new TreeMap<>();
		for (Method option : PoolOptions.class.getMethods()) {
			String name = DataObjectPropertyName.toDashedForm(option.getName());
			if (option.getParameterCount() == 0 && defaults.containsKey(name)) {
				Object value = ReflectionUtils.invokeMethod(option, PoolOptions.defaults());
				actual.put(name, written(value));
			}
		}
		assertThat(actual).hasSizeGreaterThan(15);
		defaults.keySet().retainAll(actual.keySet());
		assertThat(defaults).isEqualTo(actual);
	}

	private static String written(Object value) {
		if (value instanceof Duration duration) {
			return (duration.toMillisPart() > 0) ? duration.toMillis() + "ms" : duration.toSeconds() + "s";
		}
		return (value instanceof Long bytes) ? DataSize.ofBytes(bytes).toMegabytes() + "MB"
				: value.toString().toLowerCase(Locale.ROOT);
	}

	@Test
	void everyYamlExampleBinds() throws Exception {
		for (String yaml : blocks("yaml")) {
			for (PropertySource<?> source : new YamlPropertySourceLoader().load("guide",
					new ByteArrayResource(yaml.replace("com.example.MakeThumbnail", TestWorkers.Echo.class.getName())
						.getBytes(StandardCharsets.UTF_8)))) {
				Binder binder = new Binder(ConfigurationPropertySources.from(source));
				binder.bind("vimap", Bindable.of(VimapProperties.class),
						new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
			}
		}
	}

	@Test
	void everyAttributeOfTheAnnotationsIsThere() {
		for (Class<?> annotation : List.of(VimapWorker.class, VimapClient.class, VimapTest.class)) {
			String table = this.guide
				.substring(this.guide.indexOf("\n| attribute of `@" + annotation.getSimpleName() + "` |") + 1);
			table = table.substring(0, table.indexOf("\n\n"));
			for (Method attribute : annotation.getDeclaredMethods()) {
				assertThat(table).contains("\n| `" + attribute.getName() + "` |");
			}
		}
	}

	@Test
	void everyAnnotationIsThere() {
		assertThat(new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
			.importPackages("io.vimap.boot")
			.stream()
			.filter(JavaClass::isAnnotation)
			.map(JavaClass::getSimpleName)).hasSizeGreaterThan(4)
			.allSatisfy((name) -> assertThat(this.guide).contains("`@" + name + "`"));
	}

	@Test
	void everyMeterIsThereWithItsTags() {
		FakeProcessPool<String, String> pool = new FakeProcessPool<>(
				List.of(WorkerSpec.function((String text) -> text)), PoolOptions.defaults());
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		new ProcessPoolMetrics("pool", pool).bindTo(registry);
		new ProcessPoolsMetrics(null, registry).onTask("pool", TaskOutcome.SUCCESS, 1, 1);
		assertThat(registry.getMeters()).isNotEmpty();
		for (Meter meter : registry.getMeters()) {
			String row = row("\n| `" + meter.getId().getName() + "` |");
			for (Tag tag : meter.getId().getTags()) {
				assertThat(tag.getKey().equals("pool") || row.contains("`" + tag.getKey() + "`")).as(row).isTrue();
			}
		}
		for (TaskOutcome outcome : TaskOutcome.values()) {
			assertThat(row("\n| `vimap.task` |")).contains("`" + outcome + "`");
		}
	}

	@Test
	void everyOperationOfTheEndpointIsThere() {
		for (Method method : VimapEndpoint.class.getDeclaredMethods()) {
			if (!Modifier.isPublic(method.getModifiers())) {
				continue;
			}
			StringBuilder path = new StringBuilder("/actuator/vimap");
			Arrays.stream(method.getParameters())
				.filter((parameter) -> parameter.isAnnotationPresent(Selector.class))
				.forEach((parameter) -> path.append("/{").append(parameter.getName()).append('}'));
			if (!method.isAnnotationPresent(WriteOperation.class)) {
				assertThat(this.guide).contains("\n| `GET " + path + "` |");
				continue;
			}
			Class<?> actions = Arrays.stream(method.getParameterTypes())
				.filter(Class::isEnum)
				.findFirst()
				.orElseThrow();
			for (Object action : actions.getEnumConstants()) {
				assertThat(this.guide).contains(
						"\n| `POST " + path + "` `{\"action\": \"" + action.toString().toLowerCase(Locale.ROOT) + "\"");
			}
		}
	}

	@Test
	void everyFieldOfAnAnswerIsInAnExampleThatIsJson() {
		List<String> examples = blocks("json");
		assertThat(examples).hasSizeGreaterThan(3)
			.allSatisfy((json) -> assertThat(JsonPath.parse(json).<Object>json()).isNotNull());
		String all = String.join("\n", examples);
		for (Class<?> type : VimapDescriptors.class.getDeclaredClasses()) {
			for (RecordComponent component : type.getRecordComponents()) {
				assertThat(all).as(type.getName()).contains("\"" + component.getName() + "\"");
			}
		}
	}

	private String row(String start) {
		assertThat(this.guide).contains(start);
		int at = this.guide.indexOf(start) + 1;
		return this.guide.substring(at, this.guide.indexOf('\n', at));
	}

	private List<String> blocks(String language) {
		List<String> blocks = new ArrayList<>();
		Matcher matcher = BLOCK.matcher(this.guide);
		while (matcher.find()) {
			if (matcher.group(1).equals(language)) {
				blocks.add(matcher.group(2));
			}
		}
		return blocks;
	}

	private static void collect(Class<?> type, String prefix, Set<String> names) throws Exception {
		BeanInfo info = Introspector.getBeanInfo(type, Object.class);
		for (PropertyDescriptor property : info.getPropertyDescriptors()) {
			String name = prefix + property.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
			boolean nested = property.getPropertyType().getEnclosingClass() == PoolSettings.class;
			if (nested) {
				collect(property.getPropertyType(), name + ".", names);
			}
			else if (property.getReadMethod() != null) {
				names.add(name);
			}
			else {
				// Only what YAML makes of an unquoted "on" can be written and not read.
				assertThat(name).isEqualTo("retry.true");
			}
		}
	}

	private static String read() {
		try {
			return Files.readString(Path.of("../docs/spring-boot.md"));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
