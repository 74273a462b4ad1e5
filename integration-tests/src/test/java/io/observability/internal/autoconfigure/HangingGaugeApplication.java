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
import java.util.Scanner;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * An application with a gauge and a collector that hang when they are told to. Commands
 * are lines on the standard input: {@code hang}, {@code hang-collector}, {@code asked}
 * (how often the gauge was asked since), {@code waiting} (how many threads wait for the
 * thread that asks it), {@code gauge <name>}, {@code calls <number>}, {@code release}.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class HangingGaugeApplication {

	private static volatile CountDownLatch gaugeGate = new CountDownLatch(0);

	private static volatile CountDownLatch collectorGate = new CountDownLatch(0);

	private static final AtomicInteger ASKED = new AtomicInteger();

	private static final AtomicLong CALLS = new AtomicLong();

	public static void main(String[] args) {
		ConfigurableApplicationContext context = SpringApplication.run(HangingGaugeApplication.class, args);
		MeterRegistry registry = context.getBean(MeterRegistry.class);
		Gauge.builder("hanging", () -> {
			ASKED.incrementAndGet();
			pass(gaugeGate);
			return 1;
		}).register(registry);
		FunctionCounter.builder("calls", CALLS, AtomicLong::get).register(registry);
		Collector collector = () -> {
			pass(collectorGate);
			return GaugeSnapshot.builder()
				.name("collected")
				.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder().value((double) CALLS.get()).build())
				.build();
		};
		context.getBean(PrometheusRegistry.class).register(collector);
		System.out.println("port " + ((WebServerApplicationContext) context).getWebServer().getPort());
		Scanner commands = new Scanner(System.in, StandardCharsets.UTF_8);
		while (commands.hasNext()) {
			System.out.println("answer " + run(commands.next(), commands, registry));
		}
		System.exit(0);
	}

	private static long run(String command, Scanner arguments, MeterRegistry registry) {
		switch (command) {
			case "hang" -> {
				gaugeGate = new CountDownLatch(1);
				ASKED.set(0);
			}
			case "hang-collector" -> collectorGate = new CountDownLatch(1);
			case "gauge" -> Gauge.builder(arguments.next(), () -> 1).register(registry);
			case "calls" -> CALLS.set(arguments.nextLong());
			case "release" -> {
				gaugeGate.countDown();
				collectorGate.countDown();
			}
			case "waiting" -> {
				return waiting();
			}
			default -> {
				return ASKED.get();
			}
		}
		return 0;
	}

	private static void pass(CountDownLatch gate) {
		try {
			gate.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static long waiting() {
		return Thread.getAllStackTraces()
			.values()
			.stream()
			.filter((frames) -> Stream.of(frames).anyMatch((frame) -> frame.getMethodName().equals("awaitAsk")))
			.count();
	}

}
