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

package io.observability.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A Spring Boot application with the starter, or with what it turns off, whose
 * {@code /actuator/prometheus} is asked for the text format, without HTTP around it. It
 * says {@code ready}, then to each line the nanoseconds, bytes and samples of one scrape.
 */
@EnableAutoConfiguration
public class ScrapedApplication {

	private static final List<String> JVM_OPTIONS = List.of("-Xms512m", "-Xmx1g");

	/** Starts an instance of a fleet. */
	static ChildProcess startShared(Path store, int series) throws IOException {
		return start(series, "--observability.store.directory=" + store);
	}

	/** Starts an application with Micrometer's own registry. */
	static ChildProcess startPlain(int series) throws IOException {
		return start(series, "--observability.enabled=false");
	}

	private static ChildProcess start(int series, String argument) throws IOException {
		return ChildProcess.startJvm(JVM_OPTIONS, ScrapedApplication.class, List.of("--series=" + series, argument));
	}

	/** Scrapes an application that was started here. */
	static Scrape scrape(ChildProcess application) throws IOException {
		return Scrape.parse(application.ask("scrape"));
	}

	/**
	 * Runs the application.
	 * @param args Spring Boot's, and {@code --series}
	 * @throws IOException if the standard streams can't be used
	 */
	public static void main(String[] args) throws IOException {
		SpringApplicationBuilder application = new SpringApplicationBuilder(ScrapedApplication.class)
			.web(WebApplicationType.NONE)
			.properties("spring.main.banner-mode=off", "logging.level.root=WARN",
					"management.endpoints.web.exposure.include=prometheus");
		try (ConfigurableApplicationContext context = application.run(args)) {
			int series = context.getEnvironment().getRequiredProperty("series", Integer.class);
			Workload.register(context.getBean(MeterRegistry.class), series).keepRecording();
			PrometheusScrapeEndpoint endpoint = context.getBean(PrometheusScrapeEndpoint.class);
			System.out.println("ready");
			BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
			while (lines.readLine() != null) {
				long start = System.nanoTime();
				byte[] text = endpoint.scrape(PrometheusOutputFormat.CONTENT_TYPE_004, null).getBody();
				System.out.println(Scrape.of(System.nanoTime() - start, Objects.requireNonNull(text)));
			}
		}
	}

}
