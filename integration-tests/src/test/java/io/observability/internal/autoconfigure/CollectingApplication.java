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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Scanner;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.StateSet;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.tracer.common.SpanContext;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application of Boot's with collectors of its own and a tracer. Commands are lines on
 * the standard input: {@code work <trace id>} in a span of that trace, {@code scrape},
 * {@code exit}.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class CollectingApplication {

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(CollectingApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		ConfigurableApplicationContext context = application.run(args);
		PrometheusRegistry registry = context.getBean(PrometheusRegistry.class);
		Counter letters = Counter.builder().name("letters").withoutExemplars().register(registry);
		Histogram sizes = Histogram.builder().name("sizes").nativeOnly().withoutExemplars().register(registry);
		StateSet door = StateSet.builder().name("door").states("open", "closed").register(registry);
		Timer timer = Timer.builder("work")
			.serviceLevelObjectives(Duration.ofSeconds(1))
			.register(context.getBean(MeterRegistry.class));
		System.out.println("started");
		Scanner commands = new Scanner(System.in, StandardCharsets.UTF_8);
		while (commands.hasNext()) {
			switch (commands.next()) {
				case "work" -> {
					context.getBean(Spans.class).traceId = commands.next();
					timer.record(Duration.ofMillis(250));
					context.getBean(Spans.class).traceId = null;
					letters.inc();
					sizes.observe(3);
					door.setTrue("open");
				}
				case "scrape" -> System.out.println(scrape(context.getBean(PrometheusScrapeEndpoint.class)));
				default -> System.exit(0);
			}
			System.out.println("done");
		}
	}

	private static String scrape(PrometheusScrapeEndpoint endpoint) {
		return new String(endpoint.scrape(PrometheusOutputFormat.CONTENT_TYPE_OPENMETRICS_100, null).getBody(),
				StandardCharsets.UTF_8);
	}

	@Bean
	Spans spans() {
		return new Spans();
	}

	static final class Spans implements SpanContext {

		private volatile @Nullable String traceId;

		@Override
		public @Nullable String getCurrentTraceId() {
			return this.traceId;
		}

		@Override
		public @Nullable String getCurrentSpanId() {
			return "b7ad6b7169203331";
		}

		@Override
		public boolean isCurrentSpanSampled() {
			return this.traceId != null;
		}

		@Override
		public void markCurrentSpanAsExemplar() {
		}

	}

}
