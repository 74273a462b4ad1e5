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

package io.observability.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;

import ch.qos.logback.classic.LoggerContext;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One worker of the shop.
 */
class ShopApplicationTests {

	@TempDir
	private static Path dir;

	private static ServletWebServerApplicationContext application;

	@BeforeAll
	static void start() {
		application = (ServletWebServerApplicationContext) SpringApplication.run(ShopApplication.class,
				"--server.port=0", "--shop.dir=" + dir);
	}

	@AfterAll
	static void stop() {
		application.close();
		// The log goes on until the process ends, and would make a deleted store anew.
		((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
	}

	@Test
	void takesOrders() throws Exception {
		MeterRegistry meters = application.getBean(MeterRegistry.class);
		double stock = meters.get("shop.stock").tag("product", "cup").gauge().value();

		HttpResponse<String> order = send("POST", "/orders?product=cup&quantity=3&reference=mine");

		assertThat(order.statusCode()).isEqualTo(201);
		assertThat(order.body()).contains("mine");
		assertThat(meters.get("shop.orders").counter().count()).isOne();
		assertThat(meters.get("shop.order.value").summary().totalAmount()).isEqualTo(3 * 890);
		assertThat(meters.get("shop.stock").tag("product", "cup").gauge().value()).isEqualTo(stock - 3);
		assertThat(send("GET", "/orders/mine").body()).contains("mine");
	}

	@Test
	void answersWhatItCanNotDoWithAnError() throws Exception {
		assertThat(send("GET", "/products/spoon").statusCode()).isEqualTo(404);
		assertThat(send("POST", "/orders?product=spoon").statusCode()).isEqualTo(404);
		assertThat(send("GET", "/fail").statusCode()).isEqualTo(500);
	}

	@Test
	void answersSlowAndAsynchronousRequests() throws Exception {
		assertThat(send("GET", "/slow?ms=1").body()).isEqualTo("after 1 ms");
		assertThat(send("GET", "/async?ms=1").body()).isEqualTo("after 1 ms");
	}

	private static HttpResponse<String> send(String method, String path) throws Exception {
		URI uri = URI.create("http://localhost:" + application.getWebServer().getPort() + path);
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build(),
					BodyHandlers.ofString());
	}

}
