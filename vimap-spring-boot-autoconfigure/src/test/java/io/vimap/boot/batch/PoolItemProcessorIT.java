package io.vimap.boot.batch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.vimap.Vimap;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.WorkerCrashedException;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.configuration.support.MapJobRegistry;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.launch.support.TaskExecutorJobOperator;
import org.springframework.batch.core.listener.ItemProcessListener;
import org.springframework.batch.core.listener.SkipListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.support.ResourcelessJobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.batch.infrastructure.item.support.ListItemReader;
import org.springframework.batch.integration.async.AsyncItemWriter;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;

class PoolItemProcessorIT {

	private static final List<Integer> NUMBERS = IntStream.range(0, 100).boxed().toList();

	private static final int HANGS = -1;

	private static final int FAILS = -2;

	/** The first one fails the step while others run and wait. */
	private static final List<Integer> ONE_FAILS = List.of(FAILS, HANGS, HANGS, HANGS, HANGS, HANGS, HANGS, HANGS);

	private static ProcessPool<Integer, String> pool;

	private final JobRepository repository = new ResourcelessJobRepository();

	private final ConcurrentLinkedQueue<String> written = new ConcurrentLinkedQueue<>();

	private final ItemWriter<String> writer = (chunk) -> this.written.addAll(chunk.getItems());

	@BeforeAll
	static void fork() {
		pool = Vimap.forkIdentical(WorkerSpec.function(PoolItemProcessorIT::work), 2,
				// No task waits in a process behind one that hangs.
				PoolOptions.builder().prefetch(0).restartIntensity(100).taskTimeout(Duration.ofSeconds(30)).build());
	}

	@AfterAll
	static void close() {
		pool.close();
	}

	static String work(int number) throws InterruptedException {
		if (number == 42) {
			Runtime.getRuntime().halt(4);
		}
		if (number == FAILS) {
			throw new IllegalStateException("does not work");
		}
		if (number == HANGS) {
			Thread.sleep(Duration.ofMinutes(5).toMillis());
		}
		return (number != 7) ? "#" + number : null;
	}

	@Test
	void itemThatKillsItsProcessIsSkipped() throws Exception {
		List<Throwable> skipped = new CopyOnWriteArrayList<>();
		Step step = new StepBuilder("step", this.repository).<Integer, String>chunk(10)
			.reader(new ListItemReader<>(NUMBERS))
			.processor(new PoolItemProcessor<>(pool))
			.writer(this.writer)
			.faultTolerant()
			.skip(WorkerCrashedException.class)
			.skipLimit(5)
			.skipListener(new SkipListener<Integer, String>() {

				@Override
				public void onSkipInProcess(Integer item, Throwable reason) {
					assertThat(item).isEqualTo(42);
					skipped.add(reason);
				}

			})
			.build();
		StepExecution execution = run(step);
		assertThat(execution.getStatus()).isEqualTo(BatchStatus.COMPLETED);
		assertThat(execution.getProcessSkipCount()).isEqualTo(1);
		assertThat(execution.getFilterCount()).isEqualTo(1);
		assertThat(this.written).hasSize(98).contains("#41", "#43").doesNotContain("#42", "#7");
		assertThat(skipped).hasSize(1)
			.first()
			.satisfies((reason) -> assertThat(rootOf(reason)).isInstanceOf(WorkerCrashedException.class));
	}

	private static Throwable rootOf(Throwable reason) {
		return (reason instanceof WorkerCrashedException || reason.getCause() == null) ? reason
				: rootOf(reason.getCause());
	}

	@Test
	void stepWithoutSkipsFailsWithTheExplanation() throws Exception {
		Step step = new StepBuilder("step", this.repository).<Integer, String>chunk(10)
			.reader(new ListItemReader<>(List.of(41, 42, 43)))
			.processor(new PoolItemProcessor<>(pool))
			.writer(this.writer)
			.build();
		StepExecution execution = run(step);
		assertThat(execution.getStatus()).isEqualTo(BatchStatus.FAILED);
		assertThat(rootOf(execution.getFailureExceptions().get(0))).isInstanceOf(WorkerCrashedException.class)
			.hasMessageContaining("4");
		assertThat(this.written).isEmpty();
	}

	@Test
	void itemsOfAChunkAreProcessedAtOnceForAnAsyncItemWriter() throws Exception {
		List<Integer> harmless = NUMBERS.stream().filter((number) -> number != 42).toList();
		StepExecution execution = run(asyncStep(harmless));
		assertThat(execution.getStatus()).isEqualTo(BatchStatus.COMPLETED);
		assertThat(this.written).hasSize(98).startsWith("#0", "#1", "#2").doesNotContain("#7");
	}

	@Test
	void deadProcessFailsTheAsyncStepAndNotThePool() throws Exception {
		StepExecution execution = run(asyncStep(NUMBERS));
		assertThat(execution.getStatus()).isEqualTo(BatchStatus.FAILED);
		assertThat(rootOf(execution.getFailureExceptions().get(0))).isInstanceOf(WorkerCrashedException.class);
		// The chunks before it are there.
		assertThat(this.written).hasSize(39);
		assertThat(pool.submit(1).get()).isEqualTo("#1");
	}

	@Test
	void tasksOfAFailedAsyncStepAreTakenBack() throws Exception {
		StepExecution execution = run(asyncStep(ONE_FAILS));
		assertThat(execution.getStatus()).isEqualTo(BatchStatus.FAILED);
		assertThatPoolIsFree();
	}

	@Test
	void endOfAnAsyncStepLeavesTheTasksOfOthersAlone() throws Exception {
		// Both processes are needed: one is busy with the task of the outer step.
		assertThat(pool.awaitReady(Duration.ofSeconds(30))).isTrue();
		AsyncPoolItemProcessor<Integer, String> shared = new AsyncPoolItemProcessor<>(pool);
		List<Future<String>> others = new CopyOnWriteArrayList<>();
		// A resourceless repository knows one job.
		PoolItemProcessorIT inner = new PoolItemProcessorIT();
		Step outer = new StepBuilder("outer", this.repository).<Integer, Future<String>>chunk(20)
			.reader(new ListItemReader<>(NUMBERS.subList(0, 5)))
			.processor(shared)
			.writer((chunk) -> {
				others.add(shared.process(HANGS));
				assertThat(inner.run(inner.asyncStep(ONE_FAILS)).getStatus()).isEqualTo(BatchStatus.FAILED);
				assertThat(others.get(0)).isNotDone();
			})
			.build();
		assertThat(run(outer).getStatus()).isEqualTo(BatchStatus.COMPLETED);
		assertThat(others.get(0)).isCancelled();
		assertThatPoolIsFree();
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 8 })
	void tasksOfAFailedStepWithThreadsAreTakenBack(int threads) throws Exception {
		ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();
		executor.setCorePoolSize(threads);
		executor.initialize();
		Step step = new StepBuilder("step", this.repository).<Integer, String>chunk(20)
			.reader(new ListItemReader<>(ONE_FAILS))
			.processor(new PoolItemProcessor<>(pool))
			.writer(this.writer)
			.taskExecutor(executor)
			.build();
		assertThat(run(step).getStatus()).isEqualTo(BatchStatus.FAILED);
		executor.getThreadPoolExecutor().shutdown();
		assertThat(executor.getThreadPoolExecutor().awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		assertThatPoolIsFree();
	}

	/** Not even one that skips all exceptions. */
	@Test
	void interruptedStepSkipsNoItemAndKeepsTheInterrupt() throws Exception {
		Step step = new StepBuilder("step", this.repository).<Integer, String>chunk(2)
			.reader(new ListItemReader<>(List.of(0, 1, 2, HANGS, 3, 4)))
			.processor(new PoolItemProcessor<>(pool))
			.writer(this.writer)
			.faultTolerant()
			.skip(Exception.class)
			.skipLimit(5)
			.listener(new ItemProcessListener<Integer, String>() {

				@Override
				public void beforeProcess(Integer item) {
					if (item == HANGS) {
						Thread.currentThread().interrupt();
					}
				}

			})
			.build();
		StepExecution execution = run(step);
		assertThat(Thread.interrupted()).isTrue();
		assertThat(execution.getStatus()).isEqualTo(BatchStatus.FAILED);
		assertThat(execution.getSkipCount()).isZero();
		assertThat(this.written).containsExactly("#0", "#1");
		assertThatPoolIsFree();
	}

	private static void assertThatPoolIsFree() throws Exception {
		assertThat(pool.submit(1).get(10, TimeUnit.SECONDS)).isEqualTo("#1");
		assertThat(pool.submit(2).get(10, TimeUnit.SECONDS)).isEqualTo("#2");
	}

	private Step asyncStep(List<Integer> numbers) {
		return new StepBuilder("step", this.repository).<Integer, Future<String>>chunk(20)
			.reader(new ListItemReader<>(numbers))
			.processor(new AsyncPoolItemProcessor<>(pool))
			.writer(new AsyncItemWriter<>(this.writer))
			.build();
	}

	private StepExecution run(Step step) throws Exception {
		Job job = new JobBuilder("job", this.repository).start(step).build();
		TaskExecutorJobOperator operator = new TaskExecutorJobOperator();
		operator.setJobRepository(this.repository);
		operator.setJobRegistry(new MapJobRegistry());
		operator.afterPropertiesSet();
		JobExecution execution = operator.start(job, new JobParameters());
		return execution.getStepExecutions().iterator().next();
	}

}
