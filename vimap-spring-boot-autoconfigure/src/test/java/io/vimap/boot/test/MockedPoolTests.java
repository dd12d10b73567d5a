package io.vimap.boot.test;

import java.util.concurrent.CompletableFuture;

import io.micrometer.core.instrument.MeterRegistry;
import io.vimap.boot.actuate.endpoint.VimapEndpoint;
import io.vimap.boot.actuate.endpoint.VimapEndpoint.PoolAction;
import io.vimap.boot.actuate.endpoint.VimapEndpoint.WorkerAction;
import io.vimap.pool.ProcessPool;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.never;

@SpringBootTest(properties = { "vimap.defaults.mode=serial", "management.endpoints.web.exposure.include=health,vimap" })
class MockedPoolTests {

	@MockitoBean(name = "shout")
	private ProcessPool<String, String> shout;

	@Autowired
	private Application.Where where;

	@Autowired
	private HealthEndpoint health;

	@Autowired
	private MeterRegistry meters;

	@Autowired
	private VimapEndpoint endpoint;

	@Test
	void applicationStartsWithAMockInPlaceOfAPool() {
		given(this.shout.submit("a")).willReturn(CompletableFuture.completedFuture("mock"));
		assertThat(this.shout.submit("a")).isCompletedWithValue("mock");
		assertThat(this.where.pid()).isEqualTo(ProcessHandle.current().pid());
	}

	@Test
	void mockIsNotObserved() {
		assertThat(this.health.healthForPath("vimap", "shout").getStatus()).isEqualTo(Status.UNKNOWN);
		assertThat(this.health.healthForPath("vimap").getStatus()).isEqualTo(Status.UP);
		assertThat(this.meters.find("vimap.pool.size").tag("pool", "shout").gauge()).isNull();
		assertThat(this.meters.get("vimap.pool.size").tag("pool", "where").gauge().value()).isPositive();
	}

	@Test
	void endpointShowsTheOtherPools() {
		assertThat(this.endpoint.pools().pools()).containsOnlyKeys("where");
		assertThat(this.endpoint.pool("where")).isNotNull();
		assertThat(this.endpoint.pool("shout")).isNull();
		assertThat(this.endpoint.worker("shout", 0)).isNull();
		assertThat(this.endpoint.changePool("shout", PoolAction.RECYCLE, null)).isNull();
		assertThat(this.endpoint.changeWorker("shout", 0, WorkerAction.KILL)).isNull();
		then(this.shout).should(never()).recycle();
	}

}
