package io.vimap.boot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules that Spring Boot's own auto-configurations keep, and the rooms of this
 * module.
 */
class AutoConfigurationRulesTests {

	private static final String ROOM = "io.vimap.boot.autoconfigure";

	private static final String AUTO_CONFIGURATION = "org.springframework.boot.autoconfigure.AutoConfiguration";

	private static final String BEAN = "org.springframework.context.annotation.Bean";

	private static final String CONDITION_PACKAGE = "org.springframework.boot.autoconfigure.condition.";

	private static final String IMPORTS = "META-INF/spring/" + AUTO_CONFIGURATION + ".imports";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("io.vimap.boot");

	@Test
	void autoConfigurationsArePublicFinalAndNamedSo() {
		check(classes().that()
			.areAnnotatedWith(AUTO_CONFIGURATION)
			.should()
			.bePublic()
			.andShould()
			.haveModifier(JavaModifier.FINAL)
			.andShould()
			.haveSimpleNameEndingWith("AutoConfiguration")
			.andShould()
			.resideInAPackage(ROOM + ".."));
	}

	@Test
	void classesNamedSoAreAutoConfigurations() {
		check(classes().that()
			.haveSimpleNameEndingWith("AutoConfiguration")
			.should()
			.beAnnotatedWith(AUTO_CONFIGURATION));
	}

	@Test
	void autoConfigurationsHaveNoPublicMembers() {
		check(members().that().areDeclaredInClassesThat().areAnnotatedWith(AUTO_CONFIGURATION).should().notBePublic());
	}

	@Test
	void autoConfigurationsAreListedInOrder() throws IOException {
		assertThat(listedAutoConfigurations()).isSorted()
			.containsExactlyInAnyOrderElementsOf(CLASSES.stream()
				.filter((type) -> type.isAnnotatedWith(AUTO_CONFIGURATION))
				.map(JavaClass::getName)
				.toList());
	}

	@Test
	void beanMethodsArePackagePrivate() {
		check(methods().that().areAnnotatedWith(BEAN).should().bePackagePrivate());
	}

	@Test
	void beanMethodsHaveNoClassCondition() {
		check(noMethods().that()
			.areAnnotatedWith(BEAN)
			.should()
			.beAnnotatedWith(CONDITION_PACKAGE + "ConditionalOnClass")
			.orShould()
			.beAnnotatedWith(CONDITION_PACKAGE + "ConditionalOnMissingClass"));
	}

	@Test
	void beanMethodsOfPostProcessorsAreStatic() {
		check(methods().that()
			.areAnnotatedWith(BEAN)
			.and(describe("return a post-processor",
					(method) -> method.getRawReturnType()
						.isAssignableTo("org.springframework.beans.factory.config.BeanPostProcessor")
							|| method.getRawReturnType()
								.isAssignableTo("org.springframework.beans.factory.config.BeanFactoryPostProcessor")))
			.should()
			.beStatic());
	}

	@Test
	void noOtherRoomKnowsTheWiring() {
		check(noClasses().that()
			.resideOutsideOfPackage(ROOM + "..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage(ROOM + ".."));
	}

	@Test
	void roomsHaveNoCycles() {
		check(slices().matching("(**)").should().beFreeOfCycles());
	}

	@Test
	void everyRoomIsNullMarked() {
		assertThat(CLASSES.stream().map(JavaClass::getPackage).distinct()).allMatch(
				(room) -> room.isAnnotatedWith("org.jspecify.annotations.NullMarked"),
				"has a package-info with @NullMarked");
	}

	private static List<String> listedAutoConfigurations() throws IOException {
		List<String> listed = new ArrayList<>();
		for (URL imports : Collections.list(AutoConfigurationRulesTests.class.getClassLoader().getResources(IMPORTS))) {
			try (InputStream in = imports.openStream()) {
				new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
					.filter((line) -> line.startsWith("io.vimap."))
					.forEach(listed::add);
			}
		}
		return listed;
	}

	/**
	 * Checks a rule; a room that holds nothing yet keeps every rule.
	 */
	private static void check(ArchRule rule) {
		rule.allowEmptyShould(true).check(CLASSES);
	}

}
