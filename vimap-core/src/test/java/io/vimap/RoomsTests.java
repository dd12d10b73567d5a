package io.vimap;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rooms of this module, one package each, and what each of them may import.
 */
class RoomsTests {

	private static final String FRONT_DOOR = "io.vimap";

	private static final String POOL = "io.vimap.pool";

	private static final String WORKER = "io.vimap.worker";

	private static final String IMAP = "io.vimap.imap";

	private static final String DISPATCH = "io.vimap.dispatch";

	private static final String SUPERVISION = "io.vimap.supervision";

	private static final String LAUNCH = "io.vimap.launch";

	private static final String PROTOCOL = "io.vimap.protocol";

	private static final String CHILD = "io.vimap.child";

	private static final String SERIAL = "io.vimap.serial";

	private static final String EXT = "io.vimap.ext";

	private static final String TESTING = "io.vimap.testing";

	/** Room to the other rooms it may import. */
	private static final Map<String, List<String>> ROOMS = Map
		.ofEntries( // @formatter:off
			Map.entry(FRONT_DOOR, List.of(POOL, WORKER, IMAP, DISPATCH, SUPERVISION, LAUNCH, PROTOCOL, CHILD, SERIAL)),
			Map.entry(POOL, List.of()),
			Map.entry(WORKER, List.of()),
			Map.entry(IMAP, List.of(POOL)),
			Map.entry(DISPATCH, List.of(POOL, IMAP, PROTOCOL, SUPERVISION)),
			Map.entry(SUPERVISION, List.of(POOL, WORKER, PROTOCOL, LAUNCH)),
			Map.entry(LAUNCH, List.of()),
			Map.entry(PROTOCOL, List.of()),
			Map.entry(CHILD, List.of(WORKER, PROTOCOL)),
			Map.entry(SERIAL, List.of(POOL, WORKER, IMAP, DISPATCH, SUPERVISION, PROTOCOL, CHILD)),
			Map.entry(EXT, List.of(FRONT_DOOR, POOL, WORKER)),
			Map.entry(TESTING, List.of(FRONT_DOOR, POOL, WORKER))); // @formatter:on

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(FRONT_DOOR);

	@ParameterizedTest
	@MethodSource("rooms")
	void roomImportsOnlyWhatItMay(String room) {
		String[] allowed = Stream.concat(Stream.of(room), ROOMS.get(room).stream()).toArray(String[]::new);
		check(classes().that()
			.resideInAPackage(room)
			.should()
			.onlyDependOnClassesThat(resideOutsideOfPackage("io.vimap..").or(resideInAnyPackage(allowed))));
	}

	static Stream<String> rooms() {
		return ROOMS.keySet().stream().sorted();
	}

	@Test
	void everyClassIsInARoom() {
		check(classes().should().resideInAnyPackage(ROOMS.keySet().toArray(String[]::new)));
	}

	@Test
	void roomsHaveNoCycles() {
		check(slices().matching("(**)").should().beFreeOfCycles());
	}

	@Test
	void everyRoomIsNullMarked() {
		assertThat(CLASSES.stream().map(JavaClass::getPackage).distinct())
			.allMatch((room) -> room.isAnnotatedWith(NullMarked.class), "has a package-info with @NullMarked");
	}

	@Test
	void onlyLaunchStartsAndKillsProcesses() {
		check(noClasses().that()
			.resideOutsideOfPackage(LAUNCH)
			.should()
			.dependOnClassesThat()
			.belongToAnyOf(ProcessBuilder.class, Process.class)
			.orShould()
			.callMethodWhere(describe("Runtime.exec",
					(call) -> call.getTargetOwner().isEquivalentTo(Runtime.class) && call.getName().equals("exec"))));
		check(noClasses().that()
			.resideOutsideOfPackages(LAUNCH, CHILD)
			.should()
			.dependOnClassesThat()
			.belongToAnyOf(ProcessHandle.class));
	}

	@Test
	void childSeesNoProcessesButItselfAndItsDescendants() {
		check(noClasses().that()
			.resideInAPackage(CHILD)
			.should()
			.callMethod(ProcessHandle.class, "of", long.class)
			.orShould()
			.callMethod(ProcessHandle.class, "allProcesses"));
	}

	@Test
	void poolAndWorkerHaveNoThreads() {
		check(noClasses().that()
			.resideInAnyPackage(POOL, WORKER)
			.should()
			.dependOnClassesThat()
			.belongToAnyOf(Thread.class, ExecutorService.class, Executors.class));
	}

	@Test
	void onlyCodecsTouchJackson() {
		check(classes().that()
			.resideOutsideOfPackage(PROTOCOL)
			.or()
			.haveNameNotMatching(".*\\.(Json\\w*|\\w*Codecs?)(\\$.*)?")
			.should()
			.onlyDependOnClassesThat(resideOutsideOfPackage("tools.jackson..")));
	}

	@Test
	void nothingKnowsSpring() {
		check(noClasses().should().dependOnClassesThat().resideInAPackage("org.springframework.."));
	}

	/**
	 * Checks a rule; a room that holds nothing yet keeps every rule.
	 */
	private static void check(ArchRule rule) {
		rule.allowEmptyShould(true).check(CLASSES);
	}

}
