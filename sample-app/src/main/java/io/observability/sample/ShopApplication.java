package io.observability.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * One worker of the shop: an ordinary Spring Boot application that knows nothing of the
 * others.
 */
@SpringBootApplication
public class ShopApplication {

	/**
	 * Starts a worker.
	 * @param args Spring Boot's
	 */
	public static void main(String[] args) {
		SpringApplication.run(ShopApplication.class, args);
	}

}
