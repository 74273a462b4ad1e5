package io.observability.sample;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * The shop over HTTP.
 */
@RestController
class ShopController {

	private static final int MAX_QUANTITY = 100;

	private static final int MAX_DELAY_MS = 60_000;

	private final Shop shop;

	ShopController(Shop shop) {
		this.shop = shop;
	}

	@GetMapping("/products")
	List<Product> products() {
		return this.shop.products();
	}

	@GetMapping("/products/{id}")
	ResponseEntity<Product> product(@PathVariable int id) {
		return ResponseEntity.of(this.shop.product(id));
	}

	@PostMapping("/orders")
	ResponseEntity<Order> order(@RequestParam int product, @RequestParam(defaultValue = "1") int quantity) {
		check("quantity", quantity, 1, MAX_QUANTITY);
		return this.shop.order(product, quantity)
			.map((order) -> ResponseEntity.created(URI.create("/orders/" + order.id())).body(order))
			.orElseGet(() -> ResponseEntity.notFound().build());
	}

	@GetMapping("/orders/{id}")
	ResponseEntity<Order> order(@PathVariable String id) {
		return ResponseEntity.of(this.shop.order(id));
	}

	/** Keeps its thread for a while. */
	@GetMapping("/slow")
	String slow(@RequestParam(defaultValue = "1000") int ms) throws InterruptedException {
		check("ms", ms, 0, MAX_DELAY_MS);
		TimeUnit.MILLISECONDS.sleep(ms);
		return "slow";
	}

	/** Takes a while, but no thread. */
	@GetMapping("/async")
	CompletableFuture<String> async(@RequestParam(defaultValue = "1000") int ms) {
		check("ms", ms, 0, MAX_DELAY_MS);
		return CompletableFuture.supplyAsync(() -> "async",
				CompletableFuture.delayedExecutor(ms, TimeUnit.MILLISECONDS));
	}

	@GetMapping("/fail")
	String fail() {
		throw new IllegalStateException("this one always fails");
	}

	private static void check(String name, int value, int min, int max) {
		if (value < min || value > max) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
					"out of range: %s=%d, min=%d, max=%d".formatted(name, value, min, max));
		}
	}

}
