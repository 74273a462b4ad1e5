package io.observability.sample;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Service;

/**
 * Sells products. It uses Micrometer and SLF4J as any application does, and knows nothing
 * of the processes beside it.
 * <p>
 * A real shop would keep its orders in a database. Here the id of an order tells all of
 * it, so that every process can answer for the orders that others have taken.
 */
@Service
class Shop {

	private static final Logger logger = LoggerFactory.getLogger(Shop.class);

	private static final Pattern ORDER_ID = Pattern.compile("(\\d{1,3})-(\\d{1,3})-[0-9a-f]{8}");

	private final List<Shelf> shelves;

	private final DistributionSummary orderValue;

	Shop(MeterRegistry registry) {
		this.shelves = List.of(new Shelf(new Product(1, "teapot", new BigDecimal("24.90")), registry),
				new Shelf(new Product(2, "cup", new BigDecimal("6.50")), registry),
				new Shelf(new Product(3, "kettle", new BigDecimal("39.00")), registry),
				new Shelf(new Product(4, "strainer", new BigDecimal("3.20")), registry),
				new Shelf(new Product(5, "tea", new BigDecimal("8.75")), registry));
		this.orderValue = DistributionSummary.builder("shop.order.value")
			.description("Value of the orders taken")
			.baseUnit("euros")
			.register(registry);
	}

	List<Product> products() {
		return this.shelves.stream().map(Shelf::product).toList();
	}

	Optional<Product> product(int id) {
		return shelf(id).map(Shelf::product);
	}

	Optional<Order> order(int productId, int quantity) {
		return shelf(productId).map((shelf) -> {
			shelf.take(quantity);
			String id = "%d-%d-%08x".formatted(productId, quantity, ThreadLocalRandom.current().nextInt());
			Order order = Order.of(id, shelf.product(), quantity);
			this.orderValue.record(order.value().doubleValue());
			logger.info("Order {}: {} x {} for {} euros", id, quantity, shelf.product().name(), order.value());
			return order;
		});
	}

	Optional<Order> order(String id) {
		Matcher matcher = ORDER_ID.matcher(id);
		return matcher.matches() ? product(Integer.parseInt(matcher.group(1)))
			.map((product) -> Order.of(id, product, Integer.parseInt(matcher.group(2)))) : Optional.empty();
	}

	private Optional<Shelf> shelf(int productId) {
		return this.shelves.stream().filter((shelf) -> shelf.product().id() == productId).findAny();
	}

}
