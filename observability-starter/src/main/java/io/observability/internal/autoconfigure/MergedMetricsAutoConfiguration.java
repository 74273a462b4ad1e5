/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.observability.internal.autoconfigure;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.observability.GaugeMode;
import io.observability.internal.instance.Instance;
import io.observability.internal.instance.LifeSign;
import io.observability.internal.metrics.archive.Archive;
import io.observability.internal.metrics.read.FleetMetrics;
import io.observability.internal.metrics.read.InstanceMetrics;
import io.observability.internal.metrics.read.MetricsSource;
import io.observability.internal.metrics.read.OwnSegments;
import io.observability.internal.metrics.read.ReadMark;
import io.observability.internal.metrics.sampling.BackgroundSampling;
import io.observability.internal.metrics.write.MetricsWriter;
import io.observability.internal.prometheus.CollectorPublisher;
import io.observability.internal.prometheus.InstanceCollector;
import io.observability.internal.prometheus.IsolatingPrometheusRegistry;
import io.observability.internal.registry.GaugeModes;
import io.observability.internal.registry.SharedMeterRegistry;
import io.observability.internal.task.Work;
import io.observability.internal.web.HttpMeterNames;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.tracer.common.SpanContext;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Auto-configuration of the shared meter registry. It replaces the registry that Boot
 * would create; the rest of Boot's Prometheus support stays as it is.
 */
@AutoConfiguration(
		beforeName = { BootAutoConfigurations.COMPOSITE_REGISTRY_3, BootAutoConfigurations.COMPOSITE_REGISTRY_4,
				BootAutoConfigurations.SIMPLE_EXPORT_3, BootAutoConfigurations.SIMPLE_EXPORT_4,
				BootAutoConfigurations.PROMETHEUS_EXPORT_3, BootAutoConfigurations.PROMETHEUS_EXPORT_4 },
		afterName = { BootAutoConfigurations.METRICS_3, BootAutoConfigurations.METRICS_4 },
		after = ObservabilityAutoConfiguration.class)
@ConditionalOnBean(Clock.class)
@ConditionalOnClass(PrometheusMeterRegistry.class)
@Conditional(OnPrometheusExportCondition.class)
@ConditionalOnBooleanProperty(name = { "observability.enabled", "observability.metrics.enabled" },
		matchIfMissing = true)
@ConditionalOnMissingBean(PrometheusMeterRegistry.class)
public final class MergedMetricsAutoConfiguration {

	private static final Log logger = LogFactory.getLog(MergedMetricsAutoConfiguration.class);

	@Bean(destroyMethod = "close")
	MetricsWriter observabilityMetricsWriter(StoreMembership membership, MetricsProblems problems,
			ObservabilityProperties properties) {
		return writer(membership, problems, properties);
	}

	private static MetricsWriter writer(StoreMembership membership, MetricsProblems problems,
			ObservabilityProperties properties) {
		int maxSeries = properties.metrics().maxSeries();
		Instance instance = membership.instance();
		if (instance != null) {
			return MetricsWriter.open(instance, maxSeries, problems.list());
		}
		return membership.isWaiting()
				? MetricsWriter.waiting(membership.store(), membership.instanceName(), maxSeries, problems.list())
				: MetricsWriter.unshared(membership.instanceName());
	}

	@Bean
	@ConditionalOnMissingBean(PrometheusRegistry.class)
	IsolatingPrometheusRegistry prometheusRegistry() {
		return new IsolatingPrometheusRegistry();
	}

	@Bean
	GaugeModes observabilityGaugeModes(ObservabilityProperties properties, ConfigurableEnvironment environment) {
		ObservabilityProperties.Gauges gauges = properties.metrics().gauges();
		Map<String, GaugeMode> modes = new HashMap<>(gauges.modes());
		modes.putAll(GaugeModePrefixes.of(environment));
		return new GaugeModes(gauges.defaultMode(), modes);
	}

	@Bean(destroyMethod = "destroy")
	SharedMeterRegistry sharedMeterRegistry(PrometheusConfig config, PrometheusRegistry prometheusRegistry, Clock clock,
			MetricsWriter writer, GaugeModes gaugeModes, ObjectProvider<SpanContext> spanContext,
			MetricsProblems problems) {
		SharedMeterRegistry registry = new SharedMeterRegistry(config, prometheusRegistry, clock, writer, gaugeModes,
				spanContext.getIfAvailable());
		new UnexposedMeters(problems.list()).watch(registry);
		prometheusRegistry.register(new InstanceCollector(new InstanceMetrics(writer.ownSegments()), registry::sample));
		return registry;
	}

	/** After Boot's post-processor, whose bean is defined before. */
	@Bean
	SmartInitializingSingleton observabilityAfterRegistration(SharedMeterRegistry registry) {
		return registry::afterRegistration;
	}

	@Bean
	Collectors observabilityCollectors(PrometheusRegistry prometheusRegistry, StoreMembership membership,
			MetricsProblems problems, ObservabilityProperties properties, GaugeModes gaugeModes,
			ObjectProvider<MeterFilter> filters) {
		MetricsWriter writer = writer(membership, problems, properties);
		CollectorNames names = new CollectorNames(() -> filters.stream().anyMatch(HttpMeterNames.class::isInstance),
				problems.list());
		return new Collectors(writer,
				new CollectorPublisher(prometheusRegistry, writer, gaugeModes::of, names, logger::warn));
	}

	@Bean
	ReadMark observabilityReadMark(StoreMembership membership, ObservabilityProperties properties) {
		ReadMark mark = new ReadMark(properties.metrics().sampleInterval());
		Instance instance = membership.instance();
		if (instance != null) {
			mark.join(instance);
		}
		else {
			membership.whenJoined(mark::join);
		}
		return mark;
	}

	@Bean
	MetricsSource observabilityMetricsSource(StoreMembership membership, MetricsWriter writer, Collectors collectors,
			ReadMark readMark, MetricsProblems problems) {
		List<OwnSegments> own = List.of(writer.ownSegments(), collectors.writer().ownSegments());
		FleetMetrics metrics = new FleetMetrics(own, problems.list());
		metrics.beforeReading(readMark::onRead);
		Instance instance = membership.instance();
		if (instance != null) {
			metrics.join(instance.store());
			return metrics;
		}
		membership.whenJoined((joined) -> {
			// The readers first, so that they miss no series that is moved into a file.
			metrics.join(joined.store());
			writer.join(joined);
			collectors.writer().join(joined);
		});
		return metrics;
	}

	@Bean
	MetricsTasks observabilityMetricsTasks(SharedMeterRegistry registry, MetricsWriter writer, Collectors collectors,
			StoreMembership membership, ReadMark readMark, MetricsProblems problems,
			ObservabilityProperties properties) {
		Instance instance = membership.instance();
		Counter folds = Counter.builder("observability.archive.folds")
			.description("Number of times that terminated instances were folded into the archive")
			.register(registry);
		Duration interval = properties.metrics().sampleInterval();
		Function<Instance, Archive> archive = (member) -> new Archive(member.store(), problems.list(),
				properties.store().retention());
		Runnable lifeSign = lifeSign(membership);
		MetricsTasks tasks = new MetricsTasks(backgroundSampling(registry, collectors, readMark, interval), () -> {
			writer.repairIfDue();
			collectors.writer().repairIfDue();
			lifeSign.run();
		}, (instance != null) ? archive.apply(instance) : null, folds::increment, interval);
		membership.whenJoined((joined) -> tasks.join(archive.apply(joined)));
		return tasks;
	}

	/** Given by a task whose thread is awake anyway. */
	private static Runnable lifeSign(StoreMembership membership) {
		AtomicReference<@Nullable LifeSign> sign = new AtomicReference<>();
		return () -> {
			Instance instance = membership.instance();
			if (instance != null && sign.get() == null) {
				sign.set(new LifeSign(instance));
			}
			LifeSign current = sign.get();
			if (current != null) {
				current.renewIfDue();
			}
		};
	}

	private static Work backgroundSampling(SharedMeterRegistry registry, Collectors collectors, ReadMark readMark,
			Duration interval) {
		BackgroundSampling sampling = new BackgroundSampling(
				List.of(registry.sampler(), collectors.publisher().sampler()), interval, () -> !readMark.isUnread());
		return () -> {
			try {
				return sampling.run();
			}
			finally {
				registry.rotate();
			}
		};
	}

	/**
	 * The collectors that the application registers on client_java's registry itself.
	 *
	 * @param writer stores their values
	 * @param publisher copies their values to the writer
	 */
	record Collectors(MetricsWriter writer, CollectorPublisher publisher) implements AutoCloseable {

		@Override
		public void close() {
			this.publisher.close();
		}

	}

}
