package io.observability.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One process of the shop.
 */
class ShopApplicationTests {

	private static ServletWebServerApplicationContext application;

	@BeforeAll
	static void start() {
		application = (ServletWebServerApplicationContext) SpringApplication.run(ShopApplication.class,
				"--server.port=0", "--logging.file.name=target/test.log");
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@Test
	void takesOrders() throws Exception {
		MeterRegistry meters = application.getBean(MeterRegistry.class);
		double stock = meters.get("shop.stock").tag("product", "cup").gauge().value();
		HttpResponse<String> order = send("POST", "/orders?product=2&quantity=3");
		assertThat(order.statusCode()).isEqualTo(201);
		assertThat(order.body()).contains("\"name\":\"cup\"", "\"quantity\":3", "\"value\":19.50");
		assertThat(send("GET", order.headers().firstValue("Location").orElseThrow()).body()).isEqualTo(order.body());
		assertThat(meters.get("shop.orders").tag("product", "cup").counter().count()).isEqualTo(1);
		assertThat(meters.get("shop.order.value").summary().totalAmount()).isEqualTo(19.5);
		assertThat(meters.get("shop.stock").tag("product", "cup").gauge().value()).isEqualTo(stock - 3);
	}

	@Test
	void answersWhatItCanNotDoWithAnError() throws Exception {
		assertThat(send("GET", "/products/77").statusCode()).isEqualTo(404);
		assertThat(send("GET", "/orders/1-2-zzz").statusCode()).isEqualTo(404);
		assertThat(send("POST", "/orders?product=77").statusCode()).isEqualTo(404);
		assertThat(send("POST", "/orders?product=1&quantity=0").statusCode()).isEqualTo(400);
		assertThat(send("GET", "/fail").statusCode()).isEqualTo(500);
	}

	@Test
	void answersSlowAndAsynchronousRequests() throws Exception {
		assertThat(send("GET", "/slow?ms=1").body()).isEqualTo("slow");
		assertThat(send("GET", "/async?ms=1").body()).isEqualTo("async");
	}

	private static HttpResponse<String> send(String method, String path) throws Exception {
		URI uri = URI.create("http://localhost:" + application.getWebServer().getPort() + path);
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build(),
					HttpResponse.BodyHandlers.ofString());
	}

}
