package io.vimap.boot.autoconfigure;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a pool can't be made of: its worker, its client, its name.
 */
class InvalidPoolTests {

	private final FailingPools pools = new FailingPools();

	@Test
	void workerWhosePlaceholderNamesNoProperty() {
		FailureAnalysis analysis = this.pools.analyze("worker=com.example.${NOPE}");
		assertThat(analysis.getDescription()).contains("'bad'", "the worker class com.example.${NOPE} can't be loaded",
				"a placeholder in its name has no value", "Property: vimap.pools.bad.worker");
		assertThat(analysis.getAction()).contains("Set the property that the placeholder names", "${NAME:");
	}

	@Test
	void classThatDoesNotExist() {
		FailureAnalysis analysis = this.pools.analyze("worker=com.example.Missing");
		assertThat(analysis.getDescription())
			.contains("'bad'", "com.example.Missing", "not on the class path", "Property: vimap.pools.bad.worker",
					"Value: \"com.example.Missing\"", "Origin: ")
			.doesNotContain("\n\n\n")
			.doesNotEndWith("\n");
		assertThat(analysis.getAction()).contains("class path");
	}

	@Test
	void classThatIsNoWorker() {
		FailureAnalysis analysis = this.pools.analyzeWorker(TestWorkers.NoWorker.class);
		assertThat(analysis.getDescription()).contains("NoWorker is no worker", "vimap.pools.bad.worker");
		assertThat(analysis.getAction()).contains("io.vimap.worker.Worker<I, O>");
	}

	@Test
	void interfaceOrAbstractClass() {
		assertThat(this.pools.analyzeWorker(TestWorkers.InterfaceWorker.class).getDescription())
			.contains("is an interface");
		assertThat(this.pools.analyzeWorker(TestWorkers.AbstractWorker.class).getDescription()).contains("is abstract");
		assertThat(this.pools.analyzeWorker(TestWorkers.AbstractWorker.class).getAction()).contains("concrete class");
	}

	@Test
	void innerClass() {
		FailureAnalysis analysis = this.pools.analyzeWorker(TestWorkers.InnerWorker.class);
		assertThat(analysis.getDescription()).contains("inner class");
		assertThat(analysis.getAction()).contains("static");
	}

	@Test
	void componentThatTheParentWouldInstantiate() {
		FailureAnalysis analysis = this.pools.analyzeWorker(TestWorkers.ComponentWorker.class);
		assertThat(analysis.getDescription()).contains("is a @Component");
		assertThat(analysis.getAction()).contains("Remove the annotation");
	}

	@Test
	void typesThatCannotBeResolved() {
		assertThat(this.pools.analyzeWorker(TestWorkers.RawWorker.class).getDescription())
			.contains("the type of an input");
		FailureAnalysis analysis = this.pools.analyzeWorker(TestWorkers.VariableWorker.class);
		assertThat(analysis.getDescription()).contains("the type of an output", "declared as 'T'");
		assertThat(analysis.getAction()).contains("Worker<String, Integer>");
	}

	@Test
	void declarationThatTheEngineRefuses() {
		this.pools.forker.onFork = (engine) -> {
			throw new IllegalArgumentException("Declare something better than Object");
		};
		assertThat(this.pools.analyzeWorker(TestWorkers.Echo.class).getDescription())
			.contains("Declare something better");
	}

	@Test
	void twoWorkersForOnePool() {
		FailureAnalysis analysis = this.pools.analyze(scanning("twins"));
		assertThat(analysis.getDescription()).contains("2 classes with @VimapWorker(\"twin\")", "twins.One",
				"twins.Other");
		assertThat(analysis.getAction()).contains("vimap.pools.twin.worker");
	}

	@Test
	void poolWithoutWorker() {
		FailureAnalysis analysis = this.pools.analyze("processes=2");
		assertThat(analysis.getDescription()).contains("it has no worker", "Property: vimap.pools.bad.processes",
				"Value: \"2\"", "Origin: ");
		assertThat(analysis.getAction()).contains("@VimapWorker(\"bad\")", "vimap.pools.bad.worker");
	}

	@Test
	void poolWhoseWorkerIsLeftOutInThisProfile() {
		FailureAnalysis analysis = this.pools
			.analyze(scanning("leftout").withPropertyValues("vimap.pools.left-out.processes=2"));
		assertThat(analysis.getDescription()).contains("leftout.LeftOut", "a condition", "@Profile", "is not met",
				"Property: vimap.pools.left-out.processes");
		assertThat(analysis.getAction()).contains("'vimap.pools.left-out.enabled' to 'false'");
	}

	@Test
	void workerThatIsLeftOutInThisProfileIsNoFaultOfAPoolThatNamesAnother() {
		scanning("leftout")
			.withPropertyValues("vimap.pools.left-out.worker=" + TestWorkers.Echo.class.getName(),
					"vimap.pools.left-out.processes=2")
			.run((context) -> assertThat(context).hasBean("left-out"));
		scanning("leftout").withPropertyValues("vimap.pools.left-out.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("left-out"));
	}

	@Test
	void environmentVariableForAPoolWithADash() {
		FailureAnalysis analysis = this.pools.analyze(this.pools.runner.withPropertyValues(
				"vimap.pools.my-pool.worker=" + TestWorkers.Echo.class.getName(), "vimap.pools.my.pool.processes=2"));
		assertThat(analysis.getAction()).contains("If you meant the pool 'my-pool'", "VIMAP_POOLS_MYPOOL_");
	}

	@Test
	void nameOfAPoolThatIsMistyped() {
		FailureAnalysis analysis = this.pools.analyze(this.pools.runner.withPropertyValues(
				"vimap.pools.thumbnails.worker=" + TestWorkers.Echo.class.getName(),
				"vimap.pools.tumbnail.processes=2"));
		assertThat(analysis.getDescription()).contains("'tumbnail'", "it has no worker");
		assertThat(analysis.getAction()).contains("Or did you mean the pool 'thumbnails'?");
	}

	@Test
	void listOfPools() {
		FailureAnalysis analysis = this.pools.analyze(this.pools.runner.withPropertyValues("vimap.pools[0].name=pdf",
				"vimap.pools[0].worker=" + TestWorkers.Echo.class.getName()));
		assertThat(analysis.getDescription()).contains("'vimap.pools' is a map of pools by their names, but a list",
				"Property: vimap.pools[0].name", "Value: \"pdf\"");
		assertThat(analysis.getAction()).contains("'my-pool:' in place of '- name: my-pool'");
	}

	@Test
	void poolWhoseNameIsANumber() {
		this.pools.runner.withPropertyValues("vimap.pools.0.worker=" + TestWorkers.Echo.class.getName())
			.run((context) -> assertThat(context).hasBean("0"));
	}

	@Test
	void badNameInAnnotation() {
		FailureAnalysis analysis = this.pools.analyze(scanning("misnamed"));
		assertThat(analysis.getDescription()).contains("'Bad_Name' of @VimapWorker", "Misnamed");
		assertThat(analysis.getAction()).contains("lower-case letters");
	}

	@Test
	void badNameInProperties() {
		FailureAnalysis analysis = this.pools.analyze(
				this.pools.runner.withPropertyValues("vimap.pools.[a/b].worker=" + TestWorkers.Echo.class.getName()));
		assertThat(analysis.getDescription()).contains("the key 'a/b' below 'vimap.pools'");
	}

	@Test
	void beanOfTheSameNameThatIsNoPool() {
		FailureAnalysis analysis = this.pools.analyze(
				this.pools.runner.withPropertyValues("vimap.pools.taken.worker=" + TestWorkers.Echo.class.getName())
					.withBean("taken", String.class, () -> "x"));
		assertThat(analysis.getDescription()).contains("another bean of this name");
	}

	@Test
	void beanOfSpringsOwnIsNotReplaced() {
		FailureAnalysis analysis = this.pools.analyze(this.pools.runner
			.withPropertyValues("vimap.pools.environment.worker=" + TestWorkers.Echo.class.getName()));
		assertThat(analysis.getDescription()).contains("'environment'", "another bean of this name", "Environment");
	}

	@Test
	void clientThatNothingImplements() {
		FailureAnalysis analysis = this.pools.analyze(scanning("clients.orphan"));
		assertThat(analysis.getDescription()).contains("'orphan'", "nothing implements its client",
				"clients.orphan.Orphan");
		assertThat(analysis.getAction()).contains("@VimapWorker(\"orphan\")", "vimap.pools.orphan.worker");
	}

	@Test
	void clientWithTwoImplementations() {
		FailureAnalysis analysis = this.pools.analyze(scanning("clients.twice"));
		assertThat(analysis.getDescription()).contains("2 classes with @VimapWorker(\"twice\")", "Twice$One",
				"Twice$Other");
	}

	@Test
	void clientThatTheWorkerDoesNotImplement() {
		FailureAnalysis analysis = this.pools.analyze(scanning("clients.orphan")
			.withPropertyValues("vimap.pools.orphan.worker=" + TestWorkers.Echo.class.getName()));
		assertThat(analysis.getDescription()).contains("TestWorkers$Echo does not implement its client",
				"clients.orphan.Orphan");
	}

	@Test
	void clientOfAnotherPool() {
		FailureAnalysis analysis = this.pools.analyzeWorker(TestWorkers.OtherClientWorker.class);
		assertThat(analysis.getDescription()).contains("TestWorkers$Client, which",
				"is the client of the pool 'other'");
		assertThat(analysis.getAction()).contains("@VimapClient or @VimapWorker");
	}

	@Test
	void clientWhoseMethodsCannotTravel() {
		FailureAnalysis analysis = this.pools.analyze(this.pools.runner
			.withPropertyValues("vimap.pools.other.worker=" + TestWorkers.OtherClientWorker.class.getName()));
		assertThat(analysis.getDescription()).contains("'other'", "TestWorkers$Client can't be called",
				"parameter 'anything' of Client.call(Object)", "'Object' does not say what to decode");
		assertThat(analysis.getAction()).contains("Correct the method", "vimap.pools.other.codec");
	}

	@Test
	void clientThatReturnsAnotherFuture() {
		FailureAnalysis analysis = this.pools.analyze(this.pools.runner
			.withPropertyValues("vimap.pools.other.worker=" + TestWorkers.ImpatientWorker.class.getName()));
		assertThat(analysis.getDescription()).contains("result of Impatient.call(String)",
				"declare a CompletableFuture in place of its Future");
	}

	@Test
	void clientThatIsSealed() {
		FailureAnalysis analysis = this.pools.analyze(this.pools.runner
			.withPropertyValues("vimap.pools.other.worker=" + TestWorkers.SealedWorker.class.getName()));
		assertThat(analysis.getDescription()).contains("TestWorkers$Sealed is sealed");
	}

	private ApplicationContextRunner scanning(String room) {
		return this.pools.runner.withInitializer((context) -> AutoConfigurationPackages
			.register((GenericApplicationContext) context, "io.vimap.boot.autoconfigure." + room));
	}

}
