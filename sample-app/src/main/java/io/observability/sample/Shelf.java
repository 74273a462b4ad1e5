package io.observability.sample;

import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Where one product lies: its stock, and how often it was ordered.
 */
class Shelf {

	private static final int DELIVERY = 1000;

	private final Product product;

	private final AtomicInteger stock = new AtomicInteger(DELIVERY);

	private final Counter orders;

	Shelf(Product product, MeterRegistry registry) {
		this.product = product;
		this.orders = Counter.builder("shop.orders")
			.description("Orders taken")
			.tag("product", product.name())
			.register(registry);
		Gauge.builder("shop.stock", this.stock, AtomicInteger::get)
			.description("Pieces in stock")
			.tag("product", product.name())
			.register(registry);
	}

	Product product() {
		return this.product;
	}

	/**
	 * Takes pieces off the shelf. When there are not enough, a delivery comes just in
	 * time.
	 * @param quantity how many
	 */
	void take(int quantity) {
		this.stock.updateAndGet((pieces) -> (pieces < quantity) ? pieces + DELIVERY - quantity : pieces - quantity);
		this.orders.increment();
	}

}
